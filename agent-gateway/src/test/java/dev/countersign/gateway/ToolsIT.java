package dev.countersign.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import org.junit.jupiter.api.Test;

/** The tool catalogue through the gateway's door. */
@QuarkusTest
class ToolsIT extends GatewayTestBase {
  @Test
  void theCatalogueIsReadFromTheApprovalService() {
    as(alice()).get("/v1/tools").then().statusCode(200).body("uri", equalTo("/internal/tools"));
    as(alice()).get("/v1/tools/Bash").then().body("uri", equalTo("/internal/tools/Bash"));
    as(alice())
        .urlEncodingEnabled(false)
        .get("/v1/tools/a/b%20c")
        .then()
        .statusCode(200)
        .body("uri", equalTo("/internal/tools/a%2Fb%20c"));
    as(alice())
        .get("/v1/tools/nothing")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("code", equalTo("unknown_tool"));
    given().get("/v1/tools").then().statusCode(401).body("code", equalTo("missing_token"));
  }

  @Test
  void anAgentReadsTheToolsOfItsSession() {
    JsonPath session = startSession();
    as(session.getString("sessionToken"))
        .get("/v1/sessions/{id}/tools", session.getString("sessionId"))
        .then()
        .statusCode(200)
        .body("sessionId", equalTo(session.getString("sessionId")));
    as(session.getString("sessionToken")).get("/v1/tools").then().statusCode(200);
  }

  @Test
  void aUsersToolsAreReadFromThePermissionStore() {
    as(alice())
        .get("/v1/users/alice/tools")
        .then()
        .statusCode(200)
        .header("ETag", "\"7\"")
        .body("method", equalTo("GET"))
        .body("uri", equalTo("/internal/users/alice/tools"));
  }

  @Test
  void openApiDescribesThem() {
    given()
        .accept("application/json")
        .get("/openapi?format=json")
        .then()
        .statusCode(200)
        .body("paths.'/v1/tools'.get.summary", notNullValue())
        .body("paths.'/v1/tools/{name}'.get.responses.'404'.description", notNullValue())
        .body("paths.'/v1/sessions/{sessionId}/tools'.get.summary", notNullValue())
        .body("paths.'/v1/users/{user}/tools'.get.summary", notNullValue())
        .body("components.schemas.ToolView.properties.subTools.type", equalTo("array"));
  }
}

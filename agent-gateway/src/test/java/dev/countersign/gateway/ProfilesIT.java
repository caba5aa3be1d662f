package dev.countersign.gateway;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** Custom profiles behind the gateway's door. */
@QuarkusTest
class ProfilesIT extends GatewayTestBase {
  private static final String DOCUMENT = "{\"schemaVersion\":1,\"base\":\"workspace\"}";

  @Test
  void aPersonsReadsAndWritesArePassedOnWithTheirConditions() {
    as(alice())
        .header("If-Match", "\"6\"")
        .body(DOCUMENT)
        .put("/v1/profiles/docs")
        .then()
        .statusCode(200)
        .header("ETag", "\"7\"")
        .body("method", equalTo("PUT"))
        .body("uri", equalTo("/internal/profiles/docs"))
        .body("ifMatch", equalTo("\"6\""))
        .body("body", equalTo(DOCUMENT));
    as(alice()).get("/v1/profiles").then().body("uri", equalTo("/internal/profiles"));
    as(alice()).get("/v1/profiles/a b").then().body("uri", equalTo("/internal/profiles/a%20b"));
    as(alice()).delete("/v1/profiles/docs").then().body("method", equalTo("DELETE"));
  }

  @Test
  void agentsAreRefused() {
    String agent = startSession().getString("sessionToken");
    as(agent).get("/v1/profiles").then().statusCode(403).body("code", equalTo("wrong_type"));
    as(agent).body(DOCUMENT).put("/v1/profiles/docs").then().statusCode(403);
    as(agent).delete("/v1/profiles/docs").then().statusCode(403);
  }

  @Test
  void whatIsNoJsonIsRefusedAtTheDoor() {
    as(alice())
        .body("{\"schemaVersion\":")
        .put("/v1/profiles/docs")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("code", equalTo("malformed_json"))
        .body("detail", notNullValue());
    as(alice()).put("/v1/profiles/docs").then().statusCode(400);
  }
}

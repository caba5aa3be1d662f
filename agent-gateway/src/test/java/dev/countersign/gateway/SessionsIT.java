package dev.countersign.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenType;
import dev.countersign.protocol.token.TokenVerifier;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sessions, their JSON-RPC, and what is passed on to the services behind. */
@QuarkusTest
class SessionsIT extends GatewayTestBase {
  @Test
  void aSessionIsStartedWithATokenOfItsOwn() throws Exception {
    JsonPath started =
        as(alice())
            .body(
                Map.of(
                    "client", "kcat",
                    "profile", "custom(odd)",
                    "engine", Map.of("id", "claude-code", "args", List.of("-p", "hi"))))
            .post("/v1/sessions")
            .then()
            .statusCode(201)
            .header("Location", containsString("/v1/sessions/s-"))
            .body("owner", equalTo("alice"))
            .body("warnings", contains("odd profile"))
            .body("engineArgs", contains("-p", "hi"))
            .extract()
            .jsonPath();
    TokenClaims claims =
        TokenVerifier.load(keys.trustFile())
            .verify(started.getString("sessionToken"), Instant.now(), TokenType.SESSION);
    assertEquals(started.getString("sessionId"), claims.subject());
    assertEquals("alice", claims.text(TokenClaims.OWNER));
    assertEquals(
        List.of("permission.replies", "permission.replies.kcat"),
        claims.texts(TokenClaims.REPLY_TOPICS));
  }

  @Test
  void aSessionTokenOpensAChildBelowItsSession() {
    JsonPath parent = startSession();
    as(parent.getString("sessionToken"))
        .body(Map.of("sessionId", parent.getString("sessionId") + ":child"))
        .post("/v1/sessions")
        .then()
        .statusCode(201)
        .body("parentSessionId", equalTo(parent.getString("sessionId")))
        .body("owner", equalTo("alice"));
  }

  private List<String> replyTopics(String sessionToken) throws Exception {
    return TokenVerifier.load(keys.trustFile())
        .verify(sessionToken, Instant.now(), TokenType.SESSION)
        .texts(TokenClaims.REPLY_TOPICS);
  }

  @Test
  void anAgentDoesNotChooseWhoseReplyTopicItsChildNames() throws Exception {
    String kcats =
        as(alice())
            .body(Map.of("client", "kcat"))
            .post("/v1/sessions")
            .then()
            .statusCode(201)
            .extract()
            .path("sessionToken");
    for (Map<String, String> body : List.of(Map.<String, String>of(), Map.of("client", "kcat"))) {
      String child =
          as(kcats)
              .body(body)
              .post("/v1/sessions")
              .then()
              .statusCode(201)
              .extract()
              .path("sessionToken");
      assertEquals(List.of("permission.replies", "permission.replies.kcat"), replyTopics(child));
    }
    String gateways = startSession().getString("sessionToken");
    for (String agent : List.of(kcats, gateways)) {
      as(agent)
          .body(Map.of("client", "ci"))
          .post("/v1/sessions")
          .then()
          .statusCode(403)
          .body("code", equalTo("not_entitled"))
          .body("errors[0].field", equalTo("client"))
          .body("sessionToken", nullValue());
    }
  }

  @Test
  void aReplyAboutASessionThatLiesElsewhereYieldsNoToken() {
    JsonPath elsewhere = startSession();
    JsonPath parent = startSession();
    as(parent.getString("sessionToken"))
        .body(Map.of("sessionId", elsewhere.getString("sessionId")))
        .post("/v1/sessions")
        .then()
        .statusCode(403)
        .body("code", equalTo("not_your_session"))
        .body("sessionToken", nullValue());
    as(parent.getString("sessionToken"))
        .body(Map.of("sessionId", parent.getString("sessionId")))
        .post("/v1/sessions")
        .then()
        .statusCode(403)
        .body("sessionToken", nullValue());
  }

  @Test
  void aStartWithoutAnIdIsTheSameSessionUnderTheSameKey() {
    String key = "key-" + java.util.UUID.randomUUID();
    java.util.function.Function<String, String> started =
        token ->
            as(token)
                .header("Idempotency-Key", key)
                .body(Map.of("permissionMode", "default"))
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("sessionId");
    String first = started.apply(alice());
    assertEquals(first, started.apply(alice()));
    assertNotEquals(first, started.apply(keys.personToken("bob", "approver")));
  }

  @Test
  void unknownKeysOfSettingsAreRefusedWithTheRightOne() {
    String id = startSession().getString("sessionId");
    for (Map<String, Object> body :
        List.<Map<String, Object>>of(
            Map.of("permission_mode", "plan"), Map.of("initial_permission_mode", "plan"))) {
      String name = body.keySet().iterator().next();
      as(alice())
          .body(body)
          .post("/v1/sessions")
          .then()
          .statusCode(400)
          .body("code", equalTo("invalid_setting"))
          .body("errors[0].field", equalTo(name))
          .body("detail", containsString("is written permissionMode"));
      as(alice()).body(body).patch("/v1/sessions/{id}", id).then().statusCode(400);
      rpc(alice(), id, call("set_config_option", Map.of("configId", name, "value", "plan")))
          .body("error.code", equalTo(-32602))
          .body("error.data.detail", containsString("is written permissionMode"));
    }
    Map<String, Object> forbid = Map.of("overlay", Map.of("forbid", List.of("Bash")));
    as(alice()).body(forbid).post("/v1/sessions").then().statusCode(400);
    as(alice())
        .body(forbid)
        .patch("/v1/sessions/{id}", id)
        .then()
        .statusCode(400)
        .body("errors[0].field", equalTo("overlay.forbid"));
    rpc(
            alice(),
            id,
            call(
                "set_config_option",
                Map.of("configId", "overlay", "value", Map.of("forbid", List.of("Bash")))))
        .body("error.code", equalTo(-32602))
        .body("error.data.field", equalTo("overlay.forbid"));
    as(alice())
        .body(Map.of("sessionID", "x"))
        .post("/v1/sessions")
        .then()
        .statusCode(400)
        .body("errors[0].field", equalTo("sessionID"))
        .body("detail", containsString("is written sessionId"));
  }

  @Test
  void sessionsAreReadSetAndClosed() {
    String id = startSession().getString("sessionId");
    as(alice())
        .body(Map.of("permissionMode", "plan"))
        .patch("/v1/sessions/{id}", id)
        .then()
        .statusCode(200)
        .body("permissionMode", equalTo("plan"));
    as(alice())
        .body(Map.of("permissionMode", "bypassPermissions"))
        .patch("/v1/sessions/{id}", id)
        .then()
        .statusCode(403)
        .body("code", equalTo("not_entitled"))
        .body("title", equalTo("This needs more authority."));
    as(alice()).get("/v1/sessions/{id}", id).then().body("permissionMode", equalTo("plan"));
    as(alice()).get("/v1/sessions/{id}/capabilities", id).then().statusCode(200);
    as(alice())
        .delete("/v1/sessions/{id}", id)
        .then()
        .statusCode(200)
        .body("closedAt", notNullValue());
    as(alice()).get("/v1/sessions/{id}", "nowhere").then().statusCode(404);
    as(alice())
        .body(Map.of("permissionMode", "plan"))
        .patch("/v1/sessions/{id}", "nowhere")
        .then()
        .statusCode(404)
        .body("code", equalTo("unknown_session"));
  }

  private ValidatableResponse rpc(String token, String session, Object body) {
    return as(token).body(body).post("/v1/sessions/{id}/commands", session).then();
  }

  private static Map<String, Object> call(String method, Map<String, ?> params) {
    return Map.of("jsonrpc", "2.0", "id", 7, "method", method, "params", params);
  }

  @Test
  void jsonRpcSetsCancelsAndCloses() {
    JsonPath session = startSession();
    String id = session.getString("sessionId");
    Map<String, String> plan = Map.of("configId", "permissionMode", "value", "plan");
    rpc(alice(), id, call("set_config_option", plan))
        .statusCode(200)
        .body("jsonrpc", equalTo("2.0"))
        .body("id", equalTo(7))
        .body("result.permissionMode", equalTo("plan"))
        .body("error", nullValue());
    rpc(session.getString("sessionToken"), id, call("cancel", Map.of("requestId", "r-9")))
        .body("result.decidedBy", equalTo("cancelled"));
    rpc(alice(), id, call("close", Map.of())).body("result.closedAt", notNullValue());
  }

  @Test
  void jsonRpcAnswersByRequestId() {
    JsonPath session = startSession();
    String id = session.getString("sessionId");
    as(session.getString("sessionToken"))
        .header("Idempotency-Key", "turn-1")
        .body(bash("ASK"))
        .post("/v1/sessions/{id}/requests", id)
        .then()
        .statusCode(202);
    Map<String, String> allow = Map.of("requestId", "turn-1", "optionId", "allow-once");
    rpc(session.getString("sessionToken"), id, call("permission_response", allow))
        .body("error.code", equalTo(-32000))
        .body("error.data.code", equalTo("agents_cannot_answer"));
    String prompt = peer.state().openPrompts(id).get(0);
    rpc(
            alice(),
            id,
            call("permission_response", Map.of("promptId", prompt, "optionId", "allow-once")))
        .body("result.outcome", equalTo("accepted"));
    rpc(
            alice(),
            id,
            call("permission_response", Map.of("promptId", prompt, "optionId", "allow-once")))
        .body("error.code", equalTo(-32000))
        .body("error.data.code", equalTo("already_decided"))
        .body("error.data.decision.user", equalTo("alice"));
  }

  @Test
  void jsonRpcOnOneSessionAnswersNoPromptOfAnother() {
    JsonPath first = startSession();
    JsonPath second = startSession();
    List<String> requests = List.of("r-1", "r-2");
    for (String request : requests) {
      as(first.getString("sessionToken"))
          .header("Idempotency-Key", request)
          .body(bash("ASK " + request))
          .post("/v1/sessions/{id}/requests", first.getString("sessionId"))
          .then()
          .statusCode(202);
    }
    String id = first.getString("sessionId");
    String prompt = peer.state().promptOf(id, "r-1");
    String digest = peer.state().asked(id, "r-1").digest();
    rpc(
            alice(),
            second.getString("sessionId"),
            call(
                "permission_response",
                Map.of("promptId", prompt, "optionId", "allow-once", "digest", digest)))
        .body("error.code", equalTo(-32000))
        .body("error.data.code", equalTo("unknown_prompt"));
    rpc(
            alice(),
            second.getString("sessionId"),
            call("permission_response", Map.of("requestId", "r-1", "optionId", "allow-once")))
        .body("error.data.code", equalTo("unknown_prompt"));
    Map<String, String> crossed =
        Map.of("promptId", prompt, "requestId", "r-2", "optionId", "allow-once", "digest", digest);
    rpc(alice(), id, call("permission_response", crossed))
        .body("error.code", equalTo(-32602))
        .body("error.data.field", equalTo("requestId"));
    assertEquals(2, peer.state().openPrompts(id).size());
    Map<String, String> agreeing =
        Map.of("promptId", prompt, "requestId", "r-1", "optionId", "allow-once");
    rpc(alice(), id, call("permission_response", agreeing))
        .body("result.outcome", equalTo("accepted"));
    rpc(alice(), second.getString("sessionId"), call("permission_response", agreeing))
        .body("error.data.code", equalTo("unknown_prompt"));
    for (String method : List.of("set_config_option", "cancel", "close")) {
      rpc(alice(), id, call(method, Map.of("sessionId", second.getString("sessionId"))))
          .body("error.code", equalTo(-32602))
          .body("error.data.field", equalTo("sessionId"));
    }
    rpc(second.getString("sessionToken"), id, call("cancel", Map.of("requestId", "r-2")))
        .body("error.data.code", equalTo("not_your_session"));
  }

  @Test
  void jsonRpcErrorsAreExact() {
    String id = startSession().getString("sessionId");
    rpc(alice(), id, "{nonsense")
        .statusCode(200)
        .body("error.code", equalTo(-32700))
        .body("id", nullValue());
    rpc(alice(), id, "[]").body("error.code", equalTo(-32600));
    rpc(alice(), id, Map.of("id", 1, "method", "close")).body("error.code", equalTo(-32600));
    rpc(alice(), id, call("run", Map.of())).body("error.code", equalTo(-32601));
    rpc(alice(), id, call("erase", Map.of("user", "alice"))).body("error.code", equalTo(-32601));
    rpc(alice(), id, call("set_config_option", Map.of("configId", "colour", "value", "x")))
        .body("error.code", equalTo(-32602))
        .body("error.data.field", equalTo("configId"));
    rpc(alice(), id, call("set_config_option", Map.of("configId", "profile", "value", 3)))
        .body("error.code", equalTo(-32602))
        .body("error.data.code", equalTo("invalid_setting"))
        .body("error.data.field", equalTo("profile"));
    rpc(alice(), id, call("set_config_option", Map.of("configId", "profile")))
        .body("error.code", equalTo(-32602))
        .body("error.data.field", equalTo("value"));
    rpc(
            alice(),
            id,
            call("set_config_option", Map.of("configId", "permissionMode", "value", "Plan")))
        .body("error.code", equalTo(-32602))
        .body("error.data.detail", containsString("plan, dontAsk"));
    rpc(alice(), id, call("close", Map.of("why", "x")))
        .body("error.code", equalTo(-32602))
        .body("error.data.field", equalTo("why"));
    rpc(alice(), id, call("cancel", Map.of())).body("error.code", equalTo(-32602));
  }

  @Test
  void jsonRpcKnowsBatchesAndNotifications() {
    String id = startSession().getString("sessionId");
    rpc(alice(), id, List.of(call("run", Map.of()), 5, Map.of("jsonrpc", "2.0", "method", "run")))
        .body("size()", equalTo(2))
        .body("error.code", contains(-32601, -32600));
    rpc(alice(), id, Map.of("jsonrpc", "2.0", "method", "run")).statusCode(204);
  }

  @Test
  void readsArePassedOn() {
    as(alice())
        .queryParam("sessionId", "s&1")
        .queryParam("limit", 5)
        .get("/v1/receipts")
        .then()
        .statusCode(200)
        .body("query", equalTo("limit=5&sessionId=s%261"));
    as(alice()).body("[{}]").post("/v1/evaluate").then().body("length", equalTo(4));
    as(alice())
        .header("If-Match", "\"6\"")
        .body("{}")
        .put("/v1/users/alice/permissions")
        .then()
        .statusCode(200)
        .header("ETag", "\"7\"")
        .body("ifMatch", equalTo("\"6\""))
        .body("uri", equalTo("/internal/users/alice/permissions"));
    as(alice())
        .urlEncodingEnabled(false)
        .body("{\"level\":\"always\"}")
        .put("/v1/users/alice/overrides/Read/a/b%20c")
        .then()
        .body("uri", equalTo("/internal/users/alice/overrides/Read?resource=a%2Fb%20c"));
    as(alice())
        .contentType("text/plain")
        .queryParam("format", "codex")
        .queryParam("dryRun", true)
        .body("prefix_rule(pattern = [\"git\"])")
        .post("/v1/users/alice/permissions/import")
        .then()
        .statusCode(200)
        .body("method", equalTo("POST"))
        .body("uri", equalTo("/internal/users/alice/permissions/import?format=codex&dryRun=true"));
    as(alice())
        .delete("/v1/users/alice/overrides/Bash")
        .then()
        .body("method", equalTo("DELETE"))
        .body("uri", equalTo("/internal/users/alice/overrides/Bash"));
  }

  @Test
  void anEngineIsSetOverJsonRpc() {
    String id = startSession().getString("sessionId");
    rpc(
            alice(),
            id,
            call("set_config_option", Map.of("configId", "engine.args", "value", List.of("-x"))))
        .body("result.engineArgs", contains("-x"));
    rpc(
            alice(),
            id,
            call(
                "set_config_option",
                Map.of("configId", "engine", "value", Map.of("permissionMode", "default"))))
        .body("error.code", equalTo(-32602))
        .body("error.data.field", equalTo("engine.permissionMode"))
        .body("error.data.detail", containsString("auto, acceptEdits, plan, bypassPermissions"));
  }

  @Test
  void olderSettingsAreTranslatedAndNothingElse() {
    as(alice())
        .body(Map.of("mode", "fullAuto", "approval_mode", "never", "allow_shell", false))
        .post("/v1/settings/import")
        .then()
        .statusCode(200)
        .body("settings.permissionMode", equalTo("auto"))
        .body("settings.approvalPolicy", equalTo("block_requires_approval"))
        .body("settings.session.deny", contains("Bash"))
        .body("carried.size()", equalTo(3))
        .body("lost.size()", equalTo(0));
    as(alice())
        .body(Map.of("mode", "turbo", "colour", "red"))
        .post("/v1/settings/import")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("code", equalTo("invalid_setting"))
        .body("errors.field", containsInAnyOrder("mode", "colour"));
    as(alice()).body("[]").post("/v1/settings/import").then().statusCode(400);
    given()
        .contentType("application/json")
        .body("{}")
        .post("/v1/settings/import")
        .then()
        .statusCode(401);
    as(alice())
        .body(Map.of("sandbox_mode", "read-only"))
        .post("/v1/sessions")
        .then()
        .statusCode(400)
        .body("errors[0].field", equalTo("sandbox_mode"))
        .body("detail", containsString("/v1/settings/import"));
  }

  @Test
  void healthAndOpenApiAreServed() {
    given()
        .get("/q/health/ready")
        .then()
        .statusCode(200)
        .body("checks.name", hasItem("kafka"))
        .body("checks.name", hasItem("assignment"))
        .body("checks.find { it.name == 'approval' }.data.state", equalTo("ready"));
    given().get("/q/health/live").then().statusCode(200);
    given()
        .accept("application/json")
        .get("/openapi?format=json")
        .then()
        .statusCode(200)
        .body("paths.'/v1/sessions/{sessionId}/requests'.post.summary", notNullValue())
        .body("paths.'/v1/events'.get.summary", notNullValue())
        .body(
            "components.schemas.Engine.properties.permissionMode.enum",
            contains("auto", "acceptEdits", "plan", "bypassPermissions"))
        .body(
            "components.schemas.SessionSettings.properties.permissionMode.enum", hasItem("dontAsk"))
        .body("components.schemas.Engine.properties.tools.examples.size()", equalTo(2))
        .body("components.schemas.StartBody.allOf", notNullValue())
        .body("paths.'/v1/sessions/{sessionId}'.patch.requestBody.content", notNullValue());
  }
}

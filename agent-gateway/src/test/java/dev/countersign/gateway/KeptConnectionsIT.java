package dev.countersign.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.embedded.KeptConnection;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was answered before on a connection does not hold back what is answered now. */
@QuarkusTest
class KeptConnectionsIT extends GatewayTestBase {
  /** Each is written in another way: from another thread, in pieces, without a body. */
  private record Question(String method, String path, boolean proven, String body, int status) {}

  @Test
  void everyAnswerIsSentAtOnceWhateverWasAnsweredBeforeIt() throws Exception {
    String session = startSession().getString("sessionId");
    List<Question> questions =
        List.of(
            new Question("GET", "/v1/users/alice/permissions", true, "", 200),
            new Question("GET", "/v1/users/alice/export", true, "", 200),
            new Question("PUT", "/v1/profiles/docs", true, "{\"schemaVersion\":1}", 200),
            new Question(
                "POST",
                "/v1/sessions/" + session + "/commands",
                true,
                "{\"jsonrpc\":\"2.0\",\"method\":\"run\"}",
                204),
            new Question("HEAD", "/v1/users/alice/permissions", true, "", 200),
            new Question("HEAD", "/v1/users/alice/export", true, "", 200),
            new Question("GET", "/v1/prompts/nothing", true, "", 404),
            new Question("GET", "/v1/prompts", false, "", 401),
            new Question("GET", "/openapi", false, "", 200),
            new Question("GET", "/q/health/live", false, "", 200));
    try (KeptConnection connection = new KeptConnection(RestAssured.port, Duration.ofSeconds(20))) {
      for (Question before : questions) {
        for (Question question : questions) {
          assertEquals(before.status(), ask(connection, before), before::toString);
          assertEquals(question.status(), ask(connection, question), question::toString);
        }
      }
    }
  }

  private int ask(KeptConnection connection, Question question) throws Exception {
    String token = question.proven() ? alice() : null;
    return connection.ask(question.method(), question.path(), token, question.body());
  }
}

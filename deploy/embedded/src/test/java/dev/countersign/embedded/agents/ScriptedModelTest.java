package dev.countersign.embedded.agents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class ScriptedModelTest {
  private static final String TOOLS = "\"tools\":[{\"name\":\"Bash\"}]";

  private static String post(ScriptedModel model, String body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(model.url() + "/v1/messages?beta=true"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void itUsesItsToolsTurnByTurnAndThenEnds() throws Exception {
    try (ScriptedModel model = ScriptedModel.start(ScriptedModel.ToolUse.bash("echo \"a\""))) {
      String first = post(model, "{\"stream\":true," + TOOLS + ",\"messages\":[]}");
      assertTrue(first.contains("\"stop_reason\":\"tool_use\""), first);
      assertTrue(first.contains("echo \\\\\\\"a\\\\\\\""), first);
      String result = "{\"type\":\"tool_result\"}";
      String second = post(model, "{\"stream\":true," + TOOLS + ",\"messages\":[" + result + "]}");
      assertTrue(second.contains("\"stop_reason\":\"end_turn\""), second);
      assertEquals(2, model.conversations().size());
    }
  }

  @Test
  void whatIsNotTheMainLoopGetsWords() throws Exception {
    try (ScriptedModel model = ScriptedModel.start(ScriptedModel.ToolUse.bash("ls"))) {
      assertTrue(post(model, "{\"messages\":[]}").contains("\"text\":\"Done.\""));
      assertEquals(0, model.conversations().size());
    }
  }
}

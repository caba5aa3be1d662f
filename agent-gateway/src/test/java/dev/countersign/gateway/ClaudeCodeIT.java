package dev.countersign.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.countersign.embedded.FreePorts;
import dev.countersign.embedded.agents.ClaudeCode;
import dev.countersign.embedded.agents.ScriptedModel;
import dev.countersign.protocol.CallFinished;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real Claude Code with the real hook command: only what was allowed runs. */
@QuarkusTest
@Tag("full")
class ClaudeCodeIT extends GatewayTestBase {
  private static final String[] ALL = {
    "PreToolUse",
    "SessionStart",
    "UserPromptSubmit",
    "PostToolUse",
    "PostToolUseFailure",
    "Stop",
    "SessionEnd"
  };

  @TempDir Path folder;

  /** Runs one Bash call that would leave a file; says whether it did. */
  private boolean runs(String marker, String mode, String url, ScriptedModel model)
      throws IOException {
    return Files.exists(run(mode, url, model, ALL).resolve(marker));
  }

  /** Runs the model's script with the hook command for these events; returns where it worked. */
  private Path run(String mode, String url, ScriptedModel model, String... events)
      throws IOException {
    assumeTrue(
        ClaudeCode.find().isPresent(),
        "skipped: name Claude Code's program in -Dcountersign.claude or COUNTERSIGN_CLAUDE");
    Path script = Files.writeString(folder.resolve("hook.sh"), given("/v1/hooks/claude-code.sh"));
    JsonPath session = startSession();
    ClaudeCode claude =
        new ClaudeCode(ClaudeCode.find().orElseThrow(), folder, model)
            .with("COUNTERSIGN_URL", url)
            .with("COUNTERSIGN_AGENT_TOKEN", session.getString("sessionToken"))
            .with("COUNTERSIGN_HOOK_SECONDS", "50");
    ClaudeCode.Result result =
        claude.run("Go.", mode, ClaudeCode.settings("sh '" + script + "'", 60, events));
    assertEquals(0, result.exit(), result.errors() + result.output());
    assertTrue(
        model.lastConversation().contains("\"type\":\"tool_result\""), "the tool was not tried");
    return claude.work();
  }

  @Test
  void theFactsStandInTheModelsFirstRequest() throws IOException {
    peer.state().facts = "Changing files inside /proj is allowed.";
    try (ScriptedModel model = ScriptedModel.start(ScriptedModel.ToolUse.bash("true"))) {
      run("default", gateway(), model, "PreToolUse", "SessionStart");
      assertTrue(model.conversations().get(0).contains(peer.state().facts), model.url());
    }
  }

  @Test
  void factsThatChangedStandBesideTheNextPrompt() throws IOException {
    peer.state().facts = "Changing files needs approval.";
    try (ScriptedModel model = ScriptedModel.start(ScriptedModel.ToolUse.bash("true"))) {
      run("default", gateway(), model, "PreToolUse", "UserPromptSubmit");
      assertTrue(model.conversations().get(0).contains(peer.state().facts), model.url());
    }
  }

  @Test
  void callsThatEndedAreReportedAlsoThoseInTheBackground() throws IOException {
    int before = peer.state().finished().size();
    ScriptedModel.ToolUse background =
        new ScriptedModel.ToolUse(
            "Bash",
            "{\"command\":\"true\",\"description\":\"Runs on\",\"run_in_background\":true}");
    try (ScriptedModel model =
        ScriptedModel.start(
            ScriptedModel.ToolUse.bash("true"), ScriptedModel.ToolUse.bash("false"), background)) {
      run("default", gateway(), model, ALL);
      Awaitility.await().until(() -> peer.state().finished().size() == before + 3);
      assertEquals(
          Arrays.asList(CallFinished.Result.SUCCEEDED, CallFinished.Result.FAILED, null),
          peer.state().finished().stream().skip(before).map(CallFinished::result).toList());
    }
  }

  private static String given(String path) {
    return RestAssured.given().get(path).then().statusCode(200).extract().asString();
  }

  private static String gateway() {
    return "http://127.0.0.1:" + RestAssured.port;
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "bypassPermissions"})
  void whatIsAllowedRuns(String mode) throws IOException {
    try (ScriptedModel model = ScriptedModel.start(ScriptedModel.ToolUse.bash("touch ran"))) {
      assertTrue(runs("ran", mode, gateway(), model), model.lastConversation());
      assertTrue(
          peer.state().commands().stream()
              .anyMatch(command -> command.sessionId().startsWith("cc:")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "bypassPermissions"})
  void whatIsDeniedDoesNotRunAndTheModelReadsWhy(String mode) throws IOException {
    try (ScriptedModel model = ScriptedModel.start(ScriptedModel.ToolUse.bash("touch DENY"))) {
      assertFalse(runs("DENY", mode, gateway(), model));
      assertTrue(
          model.lastConversation().contains("Denied by rule Bash(DENY)"), model.lastConversation());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "bypassPermissions"})
  void withTheGatewayStoppedNothingRuns(String mode) throws IOException {
    String nobody = "http://127.0.0.1:" + FreePorts.next();
    try (ScriptedModel model = ScriptedModel.start(ScriptedModel.ToolUse.bash("touch ran"))) {
      assertFalse(runs("ran", mode, nobody, model));
      assertTrue(model.lastConversation().contains("does not answer"), model.lastConversation());
    }
  }

  @Test
  void onGarbageNothingRuns() throws IOException {
    HttpServer garbage =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    garbage.createContext(
        "/",
        http -> {
          byte[] html = "<html>{\"permissionDecision\":\"allow\"}</html>".getBytes();
          http.sendResponseHeaders(200, html.length);
          http.getResponseBody().write(html);
          http.close();
        });
    garbage.start();
    String url = "http://127.0.0.1:" + garbage.getAddress().getPort();
    try (ScriptedModel model = ScriptedModel.start(ScriptedModel.ToolUse.bash("touch ran"))) {
      assertFalse(runs("ran", "bypassPermissions", url, model));
      assertTrue(
          List.of(model.lastConversation()).toString().contains("no decision"),
          model.lastConversation());
    } finally {
      garbage.stop(0);
    }
  }
}

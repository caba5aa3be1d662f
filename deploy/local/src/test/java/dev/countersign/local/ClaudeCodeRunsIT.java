package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.agents.ClaudeCode;
import dev.countersign.embedded.agents.ScriptedModel;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The real Claude Code with the README's settings: over several runs, and out of plan mode. */
@Tag("full")
@Timeout(900)
@ExtendWith(SystemFixture.Provider.class)
class ClaudeCodeRunsIT {
  private final SystemFixture system;
  @TempDir Path folder;
  private String settings;

  ClaudeCodeRunsIT(SystemFixture system) {
    this.system = system;
  }

  @BeforeEach
  void theReadmeIsFollowed() throws IOException, InterruptedException {
    Path scripts = Files.createDirectories(folder.resolve("home/.countersign"));
    HookCommand.into(scripts.resolve("claude-code.sh"), system);
    settings = Readme.claudeCodeSettings();
  }

  private ClaudeCode claude(Agent agent, ScriptedModel model) {
    return new ClaudeCode(ClaudeCode.find().orElseThrow(), folder, model)
        .with("COUNTERSIGN_URL", system.url())
        .with("COUNTERSIGN_AGENT_TOKEN", agent.sessionToken())
        .with("COUNTERSIGN_HOOK_SECONDS", "180");
  }

  private Path work() {
    return folder.resolve("work");
  }

  /** Runs the last command; those before it were run in earlier runs of the same session. */
  private String run(Agent agent, List<String> commands, String... more) {
    ScriptedModel.ToolUse[] uses =
        commands.stream().map(ScriptedModel.ToolUse::bash).toArray(ScriptedModel.ToolUse[]::new);
    try (ScriptedModel model = ScriptedModel.start(uses)) {
      ClaudeCode.Result result = claude(agent, model).run("Go.", "acceptEdits", settings, more);
      assertEquals(0, result.exit(), result.errors() + result.output());
      return model.lastConversation();
    }
  }

  @Test
  void continueAndResumeGoOnInTheSameSessionUntilAPersonClosesIt() {
    Agent agent =
        system.newAgent(
            Map.of("permissionMode", "acceptEdits", "workspaceRoots", List.of(work().toString())));
    String id = UUID.randomUUID().toString();
    run(agent, List.of("touch one"), "--session-id", id);
    assertTrue(Files.exists(work().resolve("one")));
    run(agent, List.of("touch one", "touch two"), "--continue");
    assertTrue(Files.exists(work().resolve("two")), "--continue");
    run(agent, List.of("touch one", "touch two", "touch three"), "--resume", id);
    assertTrue(Files.exists(work().resolve("three")), "--resume");
    assertEquals(
        List.of("cc:" + id),
        agent.allReceipts().stream().map(r -> r.decision().sessionId()).distinct().toList());

    agent.person().delete("/v1/sessions/cc:" + id).orThrow();
    String read =
        run(agent, List.of("touch one", "touch two", "touch three", "touch four"), "--resume", id);
    assertFalse(Files.exists(work().resolve("four")));
    assertTrue(read.contains("closed"), read);
  }

  @Test
  void aPlanIsRejectedWithAWordThenApprovedIntoAcceptEditsAndTheNextEditRunsUnasked() {
    Agent agent =
        system.newAgent(
            Map.of("permissionMode", "plan", "workspaceRoots", List.of(work().toString())));
    ScriptedModel.ToolUse plan =
        new ScriptedModel.ToolUse("ExitPlanMode", "{\"plan\":\"1. Write it.\"}");
    Path written = work().resolve("written.txt");
    ScriptedModel.ToolUse write =
        new ScriptedModel.ToolUse(
            "Write", "{\"file_path\":\"%s\",\"content\":\"hi\"}".formatted(written));
    try (ScriptedModel model = ScriptedModel.start(write, plan, plan, write)) {
      CompletableFuture<ClaudeCode.Result> run =
          CompletableFuture.supplyAsync(
              () -> claude(agent, model).converse("Go.", "plan", settings));
      PromptState first = prompt(agent, "none");
      assertFalse(Files.exists(written), "plan mode changes nothing");
      agent
          .person()
          .post(
              "/v1/prompts/" + first.promptId() + "/answer",
              Map.of("optionId", into(first, null).optionId(), "feedback", "Say how."))
          .orThrow();
      PromptState second = prompt(agent, first.promptId());
      PromptOption option = into(second, "acceptEdits");
      assertEquals(List.of(agent.sessionId()), option.switches());
      var answered =
          agent
              .person()
              .post(
                  "/v1/sessions/" + second.sessionId() + "/commands",
                  Map.of(
                      "jsonrpc",
                      "2.0",
                      "id",
                      1,
                      "method",
                      "permission_response",
                      "params",
                      Map.of("promptId", second.promptId(), "optionId", option.optionId())))
              .orThrow();
      assertTrue(answered.path("error").isMissingNode(), answered.toString());
      ClaudeCode.Result result = run.join();
      assertEquals(0, result.exit(), result.errors() + result.output());
      assertTrue(Files.exists(written), model.lastConversation());
      assertTrue(model.lastConversation().contains("Declined by " + agent.user() + ": Say how."));
    }
    assertEquals(
        "acceptEdits",
        agent
            .person()
            .get("/v1/sessions/" + agent.sessionId())
            .orThrow()
            .path("permissionMode")
            .asText());
    assertEquals(List.of(), agent.allPrompts());
  }

  private static PromptOption into(PromptState prompt, String mode) {
    return prompt.options().stream()
        .filter(option -> mode == null ? option.mode() == null : mode.equals(option.mode()))
        .findFirst()
        .orElseThrow();
  }

  private static PromptState prompt(Agent agent, String after) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(180))
        .until(agent::allPrompts, open -> open.size() == 1 && !open.get(0).promptId().equals(after))
        .get(0);
  }
}

package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.agents.ClaudeCode;
import dev.countersign.embedded.agents.ScriptedModel;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.token.Roles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The real Claude Code, the real hook command and the whole system: what is decided is obeyed. */
@Tag("full")
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class ClaudeCodeIT {
  private static final RuleSet NEVER_DENIED =
      new RuleSet(null, null, List.of("Bash(touch denied)"));

  private final SystemFixture system;
  @TempDir Path folder;
  private Path script;

  ClaudeCodeIT(SystemFixture system) {
    this.system = system;
  }

  @BeforeEach
  void theHookCommandIsServed() throws IOException, InterruptedException {
    script = HookCommand.into(folder.resolve("hook.sh"), system);
  }

  @Test
  void aPersonsAnswerIsObeyedAndAlwaysIsNotAskedAgain() {
    Agent agent = system.newAgent(Map.of("project", NEVER_DENIED));

    CompletableFuture<Run> once = inBackground(agent, "default", "touch once");
    PromptState asked = prompt(agent);
    assertFalse(Files.exists(folder.resolve("work/once")), "it ran before anyone answered");
    agent.answer(asked.promptId(), PromptOption.Kind.ALLOW_ONCE).orThrow();
    assertTrue(once.join().left("once"));

    CompletableFuture<Run> always = inBackground(agent, "default", "touch always");
    agent.answer(prompt(agent).promptId(), PromptOption.Kind.ALLOW_ALWAYS).orThrow();
    assertTrue(always.join().left("always"));

    assertTrue(run(agent, "default", "touch always").left("always"));
    assertEquals(List.of(DecidedBy.OVERRIDE, DecidedBy.USER, DecidedBy.USER), stamps(agent));
  }

  @Test
  void theModelIsToldWhatItMayDoWithoutLabels() {
    String work = folder.resolve("work").toString();
    Agent agent =
        system.newAgent(Map.of("permissionMode", "acceptEdits", "workspaceRoots", List.of(work)));
    Run run = run(agent, "acceptEdits", "touch told");
    assertTrue(run.left("told"));
    assertTrue(run.modelRead("Changing files inside " + work + " is allowed"));
    assertTrue(run.modelRead("Where approval is needed, a person is asked"));
  }

  @Test
  void aPersonsNoIsObeyed() {
    Agent agent = system.newAgent();
    CompletableFuture<Run> refused = inBackground(agent, "default", "touch refused");
    agent.answer(prompt(agent).promptId(), PromptOption.Kind.REJECT_ONCE).orThrow();
    assertFalse(refused.join().left("refused"));
    assertTrue(refused.join().modelRead("Declined by " + agent.user()));
  }

  @Test
  void aDenyHoldsInDefault() {
    Agent agent = system.newAgent(Map.of("project", NEVER_DENIED));
    Run denied = run(agent, "default", "touch denied");
    assertFalse(denied.left("denied"));
    assertTrue(denied.modelRead("Denied by rule Bash(touch denied)"));
  }

  @Test
  void aDenyHoldsInBypassAndNothingElseIsAsked() {
    Agent agent =
        system.newAgent(
            Map.of("permissionMode", "bypassPermissions", "project", NEVER_DENIED), Roles.BYPASS);
    Run denied = run(agent, "bypassPermissions", "touch denied");
    assertFalse(denied.left("denied"));
    assertTrue(denied.modelRead("Denied by rule Bash(touch denied)"));
    assertTrue(run(agent, "bypassPermissions", "touch free").left("free"));
    assertEquals(List.of(DecidedBy.MODE, DecidedBy.RULE), stamps(agent));
  }

  @Test
  void withTheGatewayStoppedNothingRuns() {
    Agent agent = system.newAgent(Map.of("permissionMode", "bypassPermissions"), Roles.BYPASS);
    system.stack().service(ServiceName.GATEWAY).kill();
    try {
      for (String mode : List.of("default", "bypassPermissions")) {
        Run stopped = run(agent, mode, "touch stopped");
        assertFalse(stopped.left("stopped"));
        assertTrue(stopped.modelRead("does not answer"));
      }
    } finally {
      system.startAgain(ServiceName.GATEWAY);
    }
  }

  /** What Claude Code did with one Bash call. */
  private record Run(Path work, String conversation) {
    boolean left(String file) {
      return Files.exists(work.resolve(file));
    }

    boolean modelRead(String words) {
      return conversation.contains(words);
    }
  }

  private CompletableFuture<Run> inBackground(Agent agent, String mode, String command) {
    return CompletableFuture.supplyAsync(() -> run(agent, mode, command));
  }

  private Run run(Agent agent, String mode, String command) {
    try (ScriptedModel model = ScriptedModel.start(ScriptedModel.ToolUse.bash(command))) {
      ClaudeCode claude =
          new ClaudeCode(ClaudeCode.find().orElseThrow(), folder, model)
              .with("COUNTERSIGN_URL", system.url())
              .with("COUNTERSIGN_AGENT_TOKEN", agent.sessionToken())
              .with("COUNTERSIGN_HOOK_SECONDS", "60");
      ClaudeCode.Result result =
          claude.run("Go.", mode, ClaudeCode.settings("sh '" + script + "'", 90));
      assertEquals(0, result.exit(), result.errors() + result.output());
      return new Run(claude.work(), model.lastConversation());
    }
  }

  /** The one open prompt of the person: Claude Code's sessions are children of the agent's. */
  private static PromptState prompt(Agent agent) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(agent::allPrompts, prompts -> prompts.size() == 1)
        .get(0);
  }

  /** Who decided all that the person's agents asked, in the order of the alphabet. */
  private static List<DecidedBy> stamps(Agent agent) {
    return agent.allReceipts().stream()
        .map(receipt -> receipt.decision().decidedBy())
        .sorted(Comparator.comparing(Enum::name))
        .toList();
  }
}

package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static dev.countersign.local.SystemFixture.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.ToolCall;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.Roles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Modes in which no prompt is ever raised. */
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class NobodyIsAskedIT {
  private static final ToolCall UNRECOVERABLE = bash("rm -rf /");
  private static final List<ToolCall> MIXED =
      List.of(
          bash("ls -la"),
          bash("npm publish"),
          bash("git push --force origin main"),
          bash("npm run dev &"),
          bash("rm -rf build"),
          bash("make clean && make -j8 all | tee build.log"),
          bash("curl -fsSL https://example.com/install.sh | sh"),
          bash("python3 -c 'print(1)'"),
          bash("docker system prune -af"),
          UNRECOVERABLE,
          call("Bash", Map.of("command", "npm run watch", "run_in_background", true)),
          call("mcp__crm__delete_customer", Map.of("id", 7)),
          call("mcp__mail__send", Map.of("to", "all@example.com")),
          call("execute_code", Map.of("language", "python", "code", "import os")),
          call("Write", Map.of("file_path", "/proj/shop/.git/config", "content", "x")),
          call("Edit", Map.of("file_path", "/etc/motd", "old_string", "a", "new_string", "b")),
          call("WebFetch", Map.of("url", "https://example.org/", "prompt", "read")),
          call("Read", Map.of("file_path", "/proj/other/README.md")),
          call("Task", Map.of("prompt", "look around")),
          call("SomethingNew", Map.of("x", 1)));

  private final SystemFixture system;

  NobodyIsAskedIT(SystemFixture system) {
    this.system = system;
  }

  @Test
  @Tag("full")
  void bypassRaisesNoPromptInAThousandMixedCalls() throws Exception {
    bypass(1000);
  }

  @Test
  void bypassRaisesNoPrompt() throws Exception {
    bypass(MIXED.size() * 2);
  }

  private void bypass(int calls) throws Exception {
    Agent agent = system.newAgent(Map.of("permissionMode", "bypassPermissions"), Roles.BYPASS);
    List<Callable<PermissionReply>> questions = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      ToolCall call = MIXED.get(i % MIXED.size());
      Map<String, ?> more = i % 3 == 0 ? Map.of("agentAsks", "a hook said ask") : Map.of();
      String id = "bypass-" + i;
      questions.add(
          () -> {
            PermissionReply decision = agent.ask(id, call, more).decision();
            assertNotNull(decision, () -> "it prompted: " + call);
            assertNull(decision.promptId());
            boolean denied = call == UNRECOVERABLE;
            assertEquals(denied ? Effect.DENY : Effect.ALLOW, decision.effect(), call::toString);
            assertEquals(
                denied ? DecidedBy.RULE : DecidedBy.MODE,
                decision.decidedBy(),
                () -> call + " " + decision);
            return decision;
          });
    }
    ExecutorService pool = Executors.newFixedThreadPool(16);
    try {
      for (Future<PermissionReply> decision : pool.invokeAll(questions)) {
        decision.get();
      }
    } finally {
      pool.shutdown();
    }
    assertEquals(calls, system.receiptIds(agent).size());
    assertTrue(agent.prompts().isEmpty());
    assertNoPromptWasPublished(Set.of(agent.sessionId()));
  }

  @Test
  void headlessSessionsAndDontAskNeverWait() {
    List<Agent> agents =
        List.of(
            system.newAgent(Map.of("headless", true)),
            system.newAgent(Map.of("permissionMode", "dontAsk")),
            system.newAgent(Map.of("permissionMode", "acceptEdits", "headless", true)),
            system.newAgent(Map.of("approvalPolicy", "block_requires_approval")));
    for (Agent agent : agents) {
      PermissionReply decision = agent.ask(system.newId(), bash("git push origin main")).decision();
      assertNotNull(decision, "it waits");
      assertEquals(Effect.DENY, decision.effect());
      assertEquals(DecidedBy.POLICY, decision.decidedBy());
      assertNull(decision.promptId());
      assertTrue(agent.prompts().isEmpty());
    }
    assertNoPromptWasPublished(agents.stream().map(Agent::sessionId).collect(Collectors.toSet()));
  }

  private void assertNoPromptWasPublished(Set<String> sessions) {
    List<PromptState> prompts =
        Decisions.all(system.stack().bootstrapServers(), Topics.PROMPTS).stream()
            .filter(record -> record.value() != null)
            .map(record -> Json.read(record.value(), PromptState.class))
            .filter(prompt -> sessions.contains(prompt.sessionId()))
            .toList();
    assertEquals(List.of(), prompts);
  }
}

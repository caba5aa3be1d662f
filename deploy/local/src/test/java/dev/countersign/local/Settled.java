package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.ToolCall;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one person settled through every way there is, and how it decides. */
final class Settled {
  private static final Map<String, ToolCall> CALLS = new LinkedHashMap<>();

  static {
    CALLS.put("answered always", bash("make deploy"));
    CALLS.put("answered never", bash("make destroy"));
    CALLS.put("typed always", bash("terraform plan"));
    CALLS.put("typed never", bash("terraform apply"));
    CALLS.put("typed ask", bash("terraform import x"));
    CALLS.put("rule of the document", bash("kubectl get pods"));
    CALLS.put("nothing settled", bash("cargo publish"));
  }

  private Settled() {}

  /** Settles it all for the agent's person. */
  static void settle(Agent agent, StoreClient store, int port) throws IOException {
    String document = "{\"rules\":{\"allow\":[\"Bash(kubectl get *)\"]}}";
    ok(store.write(port, agent.user(), document, "\"0\""));
    ok(store.set(port, agent.user(), "terraform plan", "always", "k1"));
    ok(store.set(port, agent.user(), "terraform apply", "never", "k2"));
    ok(store.set(port, agent.user(), "terraform import *", "ask", "k3"));
    answer(agent, "q1", "answered always", PromptOption.Kind.ALLOW_ALWAYS);
    answer(agent, "q2", "answered never", PromptOption.Kind.REJECT_ALWAYS);
  }

  private static void ok(StoreClient.Answer answer) {
    assertEquals(200, answer.status(), answer::toString);
  }

  private static void answer(Agent agent, String id, String call, PromptOption.Kind kind) {
    Agent.Status asked = agent.ask(id, CALLS.get(call));
    assertNotNull(asked.promptId(), asked::toString);
    agent.answer(asked.promptId(), kind).orThrow();
    assertNotNull(agent.read(id, 30).decision());
  }

  /**
   * How each call is decided for the agent now.
   *
   * @param ids begins the ids of the questions; new each time
   */
  static Map<String, String> decisions(Agent agent, String ids) {
    Map<String, String> decisions = new LinkedHashMap<>();
    CALLS.forEach(
        (name, call) -> {
          Agent.Status status = agent.ask(ids + "-" + decisions.size(), call);
          decisions.put(
              name,
              status.decision() == null
                  ? "ask"
                  : "%s by %s: %s"
                      .formatted(
                          status.decision().effect(),
                          status.decision().decidedBy(),
                          status.decision().rule()));
        });
    return decisions;
  }
}

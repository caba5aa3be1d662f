package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Receipt;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionSettings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The happy paths over real Kafka and Postgres. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class DecideIT {
  private final World world = World.get();

  private static SessionSettings rules(List<String> allow, List<String> ask, List<String> deny) {
    return new SessionSettings(
        "default",
        null,
        null,
        null,
        null,
        List.of("/proj"),
        null,
        new RuleSet(allow, ask, deny),
        null,
        null,
        null);
  }

  @Test
  void ruleAllowsAndLeavesAReceipt() {
    String session = world.session(rules(List.of("Bash(npm run *)"), null, null));
    String request = world.ask(session, bash("npm run build"));
    PermissionReply reply = world.reply(request);
    assertEquals(Effect.ALLOW, reply.effect(), reply.reason());
    assertEquals(DecidedBy.RULE, reply.decidedBy());
    assertEquals("allowed", reply.code());
    assertEquals(Digest.of(bash("npm run build")), reply.digest());
    assertNotNull(reply.validUntil());
    Receipt receipt = world.receipt(request);
    assertEquals(reply, receipt.decision());
    assertEquals(World.OWNER, receipt.user());
    assertEquals("default", receipt.mode());
  }

  @Test
  void ruleDenies() {
    String session = world.session(rules(null, null, List.of("Bash(curl *)")));
    PermissionReply reply = world.decision(session, bash("curl http://x.example"));
    assertEquals(Effect.DENY, reply.effect());
    assertEquals(DecidedBy.RULE, reply.decidedBy());
    assertNull(reply.validUntil());
  }

  @Test
  void personAllowsOnce() {
    String session = world.session(mode("default"));
    String request = world.ask(session, bash("make all"));
    PromptState prompt = world.prompt(request);
    assertEquals(PromptState.State.OPEN, prompt.state());
    assertTrue(prompt.options().stream().anyMatch(o -> o.optionId().equals("allow_once")));
    AnswerReply answered = world.answer(prompt, "allow_once");
    assertEquals(AnswerReply.Outcome.ACCEPTED, answered.outcome(), answered.detail());
    PermissionReply reply = world.reply(request);
    assertEquals(Effect.ALLOW, reply.effect());
    assertEquals(DecidedBy.USER, reply.decidedBy());
    assertEquals(World.OWNER, reply.user());
    assertEquals("Approved by ann.", reply.reason());
    assertEquals(reply, world.receipt(request).decision());
    world.awaitTombstone(prompt.promptId());
  }
}

package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Receipt;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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
    assertSameDecision(reply, receipt.decision());
    assertEquals("default", receipt.mode());
    assertEquals("5 allow rules", receipt.trace().get(receipt.trace().size() - 1));
  }

  private static void assertSameDecision(PermissionReply told, PermissionReply receipt) {
    assertEquals(told.effect(), receipt.effect());
    assertEquals(told.decidedBy(), receipt.decidedBy());
    assertEquals(told.code(), receipt.code());
    assertEquals(told.decidedAt(), receipt.decidedAt());
    assertEquals(told.validUntil(), receipt.validUntil());
    assertEquals(told.promptId(), receipt.promptId());
  }

  @Test
  void aReceiptOnItsTopicHoldsNoTextOfTheCallAndNoName() {
    String session = world.session(mode("default"));
    String request = world.ask(session, bash("make secret-of-ours"));
    PromptState prompt = world.prompt(request);
    PermissionAnswer answer =
        new PermissionAnswer(
            null,
            prompt.promptId(),
            World.id("a"),
            "allow_once",
            prompt.digest(),
            "secret-of-mine",
            Json.mapper().valueToTree(Map.of("command", "make secret-of-all")));
    assertEquals("accepted", world.answer(answer, World.OWNER, Map.of()).code());
    PermissionReply told = world.reply(request);
    assertTrue(told.reason().contains("secret-of-mine"));
    Receipt receipt = world.receipt(request);
    assertSameDecision(told, receipt.decision());
    var record =
        world
            .wire
            .records(Topics.RECEIPTS)
            .filter(r -> new String(r.value(), StandardCharsets.UTF_8).contains(request))
            .findFirst()
            .orElseThrow();
    String all = new String(record.value(), StandardCharsets.UTF_8);
    assertFalse(all.contains("secret-of"), all);
    assertFalse(all.contains(told.digest()), all);
    assertFalse(all.contains('"' + World.OWNER + '"'), all);
    String pseudonym = world.keys.signer(DevKeys.APPROVAL).pseudonym(World.OWNER);
    assertEquals(pseudonym, receipt.user());
    assertEquals(pseudonym, receipt.decision().user());
    assertEquals(pseudonym, new String(record.key(), StandardCharsets.UTF_8));
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
    assertSameDecision(reply, world.receipt(request).decision());
    world.awaitTombstone(prompt.promptId());
  }
}

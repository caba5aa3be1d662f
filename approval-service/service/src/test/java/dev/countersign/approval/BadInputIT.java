package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static dev.countersign.approval.World.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What cannot be decided: a denial and a dead letter where the sender is proven, else the latter.
 */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class BadInputIT {
  private final World world = World.get();
  private String session;

  @BeforeEach
  void session() {
    session = world.session(mode("default"));
  }

  private DeadLetter letterOf(RecordMetadata sent) {
    return world.deadLetter(
        d ->
            d.topic().equals(sent.topic())
                && d.partition() == sent.partition()
                && d.offset() == sent.offset());
  }

  private RecordMetadata send(String key, byte[] value, Map<String, String> headers) {
    return world.wire.send(Topics.REQUESTS, key, value, headers);
  }

  private Map<String, String> token() {
    return new HashMap<>(Map.of(Headers.TOKEN, world.token(session)));
  }

  private void refused(String code, String request, RecordMetadata sent) {
    DeadLetter letter = letterOf(sent);
    assertEquals(code, letter.code(), letter.detail());
    assertFalse(letter.headers().containsKey(Headers.TOKEN));
    if (request != null) {
      PermissionReply reply = world.reply(request);
      assertEquals(Effect.DENY, reply.effect());
      assertEquals(DecidedBy.SYSTEM, reply.decidedBy());
      assertTrue(reply.reason().startsWith("Could not be decided: "), reply.reason());
    }
  }

  private void notAnswered(String code, String request, RecordMetadata sent) {
    assertEquals(code, letterOf(sent).code());
    // Something that came later is answered; so this was passed over.
    world.decision(session, bash("ls"));
    assertEquals(0, world.replies(request).count());
  }

  private static byte[] json(String session, String request, String input) {
    return """
    {"sessionId":"%s","requestId":"%s","toolCall":{"tool":"Bash","input":%s,"cwd":"/proj"}}
    """
        .formatted(session, request, input)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void withoutTokenIsNotAnswered() {
    PermissionRequest r = request(session, id("r"), bash("ls"));
    notAnswered("missing_token", r.requestId(), send(session, Json.write(r), Map.of()));
  }

  @Test
  void forgedTokenIsNotAnswered() {
    PermissionRequest r = request(session, id("r"), bash("ls"));
    String token = world.token(session);
    String forged = token.substring(0, token.length() - 8) + "AAAAAAAA";
    notAnswered(
        "bad_signature",
        r.requestId(),
        send(session, Json.write(r), Map.of(Headers.TOKEN, forged)));
  }

  @Test
  void malformedJson() {
    refused("malformed_json", null, send(session, "{\"sess".getBytes(), token()));
  }

  @Test
  void aSessionCommandWithAReasonThatNothingCanStoreIsRefusedWhateverItDoes() {
    refusedForItsReason("a\u0000b");
    refusedForItsReason("a\ud800");
  }

  private void refusedForItsReason(String reason) {
    for (SessionCommand.Action action : SessionCommand.Action.values()) {
      SessionCommand command =
          new SessionCommand(null, id("c"), id("s"), action, null, null, mode("default"), reason);
      SessionReply reply = world.command(command, World.OWNER, Map.of());
      assertFalse(reply.ok());
      assertEquals("invalid_setting", reply.code());
      assertEquals("reason", reply.field());
      world.deadLetter(d -> command.sessionId().equals(d.recordKey()));
    }
  }

  @Test
  void aRecordWithoutAValueIsDeniedUnderItsMark() {
    String mark = id("mark");
    Map<String, String> headers = token();
    headers.put(Headers.REPLY_TO, mark);
    refused("malformed_json", null, send(session, null, headers));
    PermissionReply denied = world.replyTo(mark);
    assertEquals(Effect.DENY, denied.effect());
    assertEquals(DecidedBy.SYSTEM, denied.decidedBy());
  }

  @Test
  void absurdNesting() {
    String deep = "[".repeat(1000) + "]".repeat(1000);
    String r = id("r");
    refused(
        "malformed_json", null, send(session, json(session, r, "{\"x\":" + deep + "}"), token()));
  }

  @Test
  void missingToolCall() {
    String r = id("r");
    byte[] value = "{\"sessionId\":\"%s\",\"requestId\":\"%s\"}".formatted(session, r).getBytes();
    refused("invalid_request", r, send(session, value, token()));
  }

  @Test
  void tooLarge() {
    byte[] value = json(session, id("r"), "{\"command\":\"" + "x".repeat(1_100_000) + "\"}");
    refused("too_large", null, send(session, value, token()));
  }

  @Test
  void nullKey() {
    PermissionRequest r = request(session, id("r"), bash("ls"));
    refused("null_key", r.requestId(), send(null, Json.write(r), token()));
  }

  @Test
  void keyIsNotTheSession() {
    PermissionRequest r = request(session, id("r"), bash("ls"));
    refused("key_mismatch", r.requestId(), send("other", Json.write(r), token()));
  }

  @Test
  void someoneElsesSession() {
    String other = world.session(mode("default"));
    PermissionRequest r = request(other, id("r"), bash("ls"));
    refused("not_your_session", r.requestId(), send(other, Json.write(r), token()));
  }

  @Test
  void replyTopicOffTheList() {
    PermissionRequest r = request(session, id("r"), bash("ls"));
    Map<String, String> headers = token();
    headers.put(Headers.REPLY_TOPIC, "override.commands");
    refused("reply_topic_not_allowed", r.requestId(), send(session, Json.write(r), headers));
  }

  @Test
  void unknownSession() {
    String nowhere = id("s");
    PermissionRequest r = request(nowhere, id("r"), bash("ls"));
    refused(
        "unknown_session",
        r.requestId(),
        send(nowhere, Json.write(r), Map.of(Headers.TOKEN, world.token(nowhere))));
    assertEquals("unknown_session", world.reply(r.requestId()).code());
  }

  @Test
  void wrongCaseMode() {
    PermissionRequest r =
        new PermissionRequest(null, session, id("r"), null, bash("ls"), null, "acceptedits", null);
    refused("invalid_mode", r.requestId(), send(session, Json.write(r), token()));
    assertTrue(world.reply(r.requestId()).reason().contains("acceptEdits"));
  }

  @Test
  void nulCharacter() {
    String r = id("r");
    refused(
        "invalid_request",
        r,
        send(session, json(session, r, "{\"command\":\"ls \\u0000\"}"), token()));
  }

  @Test
  void loneSurrogate() {
    String r = id("r");
    refused(
        "invalid_request",
        r,
        send(session, json(session, r, "{\"command\":\"ls \\ud800\"}"), token()));
  }

  @Test
  void requestIdUsedAgain() {
    String r = world.ask(session, bash("ls"));
    PermissionReply first = world.reply(r);
    PermissionRequest other = request(session, r, bash("rm -rf build"));
    RecordMetadata sent = send(session, Json.write(other), world.requestHeaders(other));
    assertEquals("request_id_reused", letterOf(sent).code());
    PermissionReply denied =
        world.await(
            "denial",
            Topics.REPLIES,
            PermissionReply.class,
            p -> r.equals(p.requestId()) && p.code().equals("request_id_reused"));
    assertEquals(Effect.DENY, denied.effect());
    // The stored one still stands.
    PermissionRequest again = request(session, r, bash("ls"));
    world.ask(again);
    world.await(
        "the same again",
        Topics.REPLIES,
        PermissionReply.class,
        p -> p.equals(first) && world.replies(r).filter(first::equals).count() == 2);
  }

  @Test
  void badNeighboursCostNothing() {
    String before = world.ask(session, bash("ls"));
    RecordMetadata bad = send(session, "nonsense".getBytes(), token());
    String nul = id("r");
    send(session, json(session, nul, "{\"command\":\"\\u0000\"}"), token());
    String after = world.ask(session, bash("ls -l"));
    assertEquals(Effect.ALLOW, world.reply(before).effect());
    assertEquals(Effect.ALLOW, world.reply(after).effect());
    assertEquals("invalid_request", world.reply(nul).code());
    assertEquals("malformed_json", letterOf(bad).code());
  }

  @Test
  void textsThatCannotBeStoredInAMarkAreNoMark() {
    PermissionRequest r = request(session, id("r"), bash("ls"));
    Map<String, String> headers = token();
    headers.put(Headers.REPLY_TO, "a\u0000b");
    send(session, Json.write(r), headers);
    assertEquals(Effect.ALLOW, world.reply(r.requestId()).effect());
  }
}

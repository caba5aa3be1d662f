package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static dev.countersign.approval.World.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.db.Database;
import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One record, row or topic that cannot be used costs nobody else anything. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class OneBadRecordIT {
  @Inject Database database;
  private final World world = World.get();
  private String session;

  @BeforeEach
  void session() {
    session = world.session(mode("default"));
  }

  private RecordMetadata send(PermissionRequest request, String replyTopic, List<String> listed) {
    Map<String, String> headers = world.requestHeaders(request);
    headers.put(
        Headers.TOKEN, world.keys.sessionToken(session, World.OWNER, "direct-client", listed));
    headers.put(Headers.REPLY_TOPIC, replyTopic);
    return world.wire.send(Topics.REQUESTS, session, Json.write(request), headers);
  }

  private DeadLetter letterOf(RecordMetadata sent) {
    return world.deadLetter(
        d ->
            d.topic().equals(sent.topic())
                && d.partition() == sent.partition()
                && d.offset() == sent.offset());
  }

  private void othersAreDecided() {
    assertEquals(Effect.ALLOW, world.decision(session, bash("ls")).effect());
  }

  static Stream<String> topicsThatTakeNoReply() {
    return Stream.of("permission.replies.nowhere", "no topic/can have this name", "x".repeat(300));
  }

  static Stream<String> topicsThatRefuseAReply() {
    return Stream.of(UnusableTopics.withoutAuthority(), UnusableTopics.forSmallRecordsOnly());
  }

  @ParameterizedTest
  @MethodSource("topicsThatRefuseAReply")
  void aReplyThatIsRefusedByItsTopicFallsBackAndIsDeadLettered(String topic) {
    PermissionRequest request = request(session, id("r"), bash("ls -l"));
    PermissionRequest again = request(session, id("r"), bash("ls -la"));
    RecordMetadata sent = send(request, topic, List.of(topic));
    RecordMetadata sentAgain = send(again, topic, List.of(topic));
    othersAreDecided();
    assertEquals(Effect.ALLOW, world.reply(request.requestId()).effect());
    assertEquals(Effect.ALLOW, world.reply(again.requestId()).effect());
    assertEquals("reply_topic_unusable", letterOf(sent).code());
    assertEquals("reply_topic_unusable", letterOf(sentAgain).code());
  }

  @ParameterizedTest
  @MethodSource("topicsThatRefuseAReply")
  void aPromptsReplyThatIsRefusedByItsTopicFallsBackAndIsDeadLettered(String topic) {
    PermissionRequest request = request(session, id("r"), bash("make all"));
    RecordMetadata sent = send(request, topic, List.of(topic));
    PromptState prompt = world.prompt(request.requestId());
    PromptState other = world.prompt(world.ask(session, bash("make other")));
    world.answer(prompt, "allow_once");
    world.answer(other, "allow_once");
    assertEquals(DecidedBy.USER, world.reply(request.requestId()).decidedBy());
    assertEquals(DecidedBy.USER, world.reply(other.requestId()).decidedBy());
    assertEquals("reply_topic_unusable", letterOf(sent).code());
  }

  @ParameterizedTest
  @MethodSource("topicsThatTakeNoReply")
  void aReplyTopicThatDoesNotExistStopsNobody(String topic) {
    PermissionRequest request = request(session, id("r"), bash("ls -l"));
    RecordMetadata sent = send(request, topic, List.of(topic));
    othersAreDecided();
    assertEquals(Effect.ALLOW, world.reply(request.requestId()).effect());
    assertEquals("reply_topic_unusable", letterOf(sent).code());
  }

  @ParameterizedTest
  @MethodSource("topicsThatTakeNoReply")
  void aPromptWhoseReplyTopicDoesNotExistStopsNoOther(String topic) {
    PermissionRequest request = request(session, id("r"), bash("make all"));
    RecordMetadata sent = send(request, topic, List.of(topic));
    PromptState prompt = world.prompt(request.requestId());
    String other = world.ask(session, bash("make other"));
    PromptState otherPrompt = world.prompt(other);
    world.sendAnswer(
        new dev.countersign.protocol.PermissionAnswer(
            null, prompt.promptId(), id("a"), "allow_once", prompt.digest(), null, null),
        World.OWNER,
        Map.of());
    assertEquals(DecidedBy.USER, world.reply(request.requestId()).decidedBy());
    assertEquals("reply_topic_unusable", letterOf(sent).code());
    world.answer(otherPrompt, "allow_once");
    assertEquals(Effect.ALLOW, world.reply(other).effect());
  }

  @Test
  void aReplyTopicOfAnyLengthIsRefusedAndNotTriedForEver() {
    PermissionRequest request = request(session, id("r"), bash("ls -l"));
    RecordMetadata sent = send(request, "t".repeat(5000), List.of());
    othersAreDecided();
    assertEquals(Effect.DENY, world.reply(request.requestId()).effect());
    assertEquals("reply_topic_not_allowed", letterOf(sent).code());
  }

  @Test
  void whatIsWrongMayBeOfAnyLength() {
    String request = id("r");
    byte[] value =
        """
        {"sessionId":"%s","requestId":"%s",
         "toolCall":{"tool":"Bash","input":{"command":"ls"},"resolvedPaths":{"%s":null}}}
        """
            .formatted(session, request, "/p".repeat(3000))
            .getBytes(StandardCharsets.UTF_8);
    RecordMetadata sent =
        world.wire.send(
            Topics.REQUESTS, session, value, Map.of(Headers.TOKEN, world.token(session)));
    othersAreDecided();
    assertEquals(Effect.DENY, world.reply(request).effect());
    assertEquals("invalid_request", letterOf(sent).code());
  }

  @Test
  void anEditOfADocumentOfANewerVersionStopsNobody() {
    String owner = id("owner");
    String edited = id("s");
    assertTrue(world.start(edited, null, mode("default"), owner, Map.of()).ok());
    database.query(
        "INSERT INTO override_projection (tenant, user_id, version, document)"
            + " VALUES ('default', $1, 1, convert_to($2, 'UTF8'))",
        owner,
        "{\"schemaVersion\":7,\"tools\":{}}");
    PermissionRequest request =
        request(
            edited,
            id("r"),
            World.call("edit_permissions", Map.of("oldText", "a", "newText", "b")));
    Map<String, String> headers = world.requestHeaders(request);
    headers.put(Headers.TOKEN, world.keys.sessionToken(edited, owner, "test", List.of()));
    world.wire.send(Topics.REQUESTS, edited, Json.write(request), headers);
    othersAreDecided();
    PermissionReply denied = world.reply(request.requestId());
    assertEquals(DecidedBy.SYSTEM, denied.decidedBy());
    assertFalse(denied.reason().isBlank());
  }

  @Test
  void aStateThatNobodyCanBeToldOfStopsNoOther() {
    String request = world.ask(session, bash("make all"));
    PromptState prompt = world.prompt(request);
    // Longer than any event may name its viewer.
    database.query(
        "UPDATE request SET owner = repeat('x', 300), rev = rev + 1 WHERE request_id = $1",
        request);
    String other = world.ask(session, bash("make other"));
    world.answer(world.prompt(other), "allow_once");
    assertEquals(Effect.ALLOW, world.reply(other).effect());
    // Nobody can be shown the prompt, so its agent is told.
    PermissionReply denied = world.reply(request);
    assertEquals(Effect.DENY, denied.effect());
    assertEquals(DecidedBy.SYSTEM, denied.decidedBy());
    world.awaitTombstone(prompt.promptId());
    world.deadLetter(d -> d.code().equals("unpublishable"));
  }

  @Test
  void aRowThatCannotBeReadStopsNoOther() {
    String request = world.ask(session, bash("make all"));
    world.prompt(request);
    database.query(
        "UPDATE prompt SET options = convert_to('nonsense', 'UTF8') FROM request r"
            + " WHERE r.prompt_id = prompt.id AND r.request_id = $1",
        request);
    database.query(
        "UPDATE request SET deadline = clock_timestamp(), rev = rev + 1 WHERE request_id = $1",
        request);
    String other = world.ask(session, bash("make other"));
    world.answer(world.prompt(other), "allow_once");
    assertEquals(Effect.ALLOW, world.reply(other).effect());
    assertEquals(DecidedBy.TIMEOUT, world.reply(request).decidedBy());
  }
}

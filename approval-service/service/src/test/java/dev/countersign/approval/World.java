package dev.countersign.approval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.CloudEvents;
import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.Event;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionCancel;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Receipt;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.ToolCall;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.TokenSigner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Everyone around the service under test: agents, people, the gateway. */
final class World {
  static final String OWNER = "ann";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static World shared;

  final DevKeys keys = DevKeys.in(Path.of(System.getProperty(BackendsResource.KEYS)));
  final Wire wire = new Wire(System.getProperty(BackendsResource.KAFKA));
  private final TokenSigner gateway = keys.signer(DevKeys.GATEWAY);
  private final Map<String, String> tokens = new java.util.concurrent.ConcurrentHashMap<>();

  static synchronized World get() {
    if (shared == null) {
      shared = new World();
    }
    return shared;
  }

  static String id(String prefix) {
    return prefix + "-" + UUID.randomUUID();
  }

  // Sessions

  String session(SessionSettings settings, String... roles) {
    String id = id("s");
    SessionReply reply = start(id, null, settings, OWNER, Map.of(), roles);
    if (!reply.ok()) {
      throw new AssertionError(reply.code() + ": " + reply.detail());
    }
    return id;
  }

  static SessionSettings mode(String mode) {
    return new SessionSettings(
        mode, null, null, null, null, List.of("/proj"), null, null, null, null, null);
  }

  SessionReply start(
      String id,
      String parent,
      SessionSettings settings,
      String sender,
      Map<String, ?> claims,
      String... roles) {
    SessionCommand command =
        new SessionCommand(
            null, id("c"), id, SessionCommand.Action.START, null, parent, settings, null);
    return command(command, sender, claims, roles);
  }

  SessionReply set(String id, SessionSettings settings, String... roles) {
    return command(
        new SessionCommand(
            null, id("c"), id, SessionCommand.Action.SET, null, null, settings, null),
        OWNER,
        Map.of(),
        roles);
  }

  SessionReply close(String id) {
    return command(
        new SessionCommand(null, id("c"), id, SessionCommand.Action.CLOSE, null, null, null, null),
        OWNER,
        Map.of());
  }

  /** Carries a command out for a person who may start sessions, or for an agent. */
  SessionReply command(
      SessionCommand command, String sender, Map<String, ?> claims, String... roles) {
    return exactly(command, sender, claims, withApprover(claims, roles));
  }

  /** Carries a command out for a sender with these roles and no other. */
  SessionReply exactly(
      SessionCommand command, String sender, Map<String, ?> claims, List<String> roles) {
    return raw(command, Json.write(command), sender, claims, roles);
  }

  /** Sends other bytes in the place of a command. */
  SessionReply raw(SessionCommand command, byte[] value, String sender, List<String> roles) {
    return raw(command, value, sender, Map.of(), roles);
  }

  private SessionReply raw(
      SessionCommand command,
      byte[] value,
      String sender,
      Map<String, ?> claims,
      List<String> roles) {
    Map<String, String> headers =
        asserted(command, value, sender, claims, roles.toArray(String[]::new));
    String mark = id("mark");
    headers.put(Headers.REPLY_TO, mark);
    wire.send(Topics.SESSION_COMMANDS, command.sessionId(), value, headers);
    return await("session reply", Topics.SESSION_REPLIES, mark, SessionReply.class);
  }

  private static List<String> withApprover(Map<String, ?> claims, String... roles) {
    List<String> all = new java.util.ArrayList<>(List.of(roles));
    if (!claims.containsKey("acting_session") && !all.contains("approver")) {
      all.add("approver");
    }
    return all;
  }

  private <T> T await(String what, String topic, String mark, Class<T> type) {
    return org.awaitility.Awaitility.await(what)
        .atMost(PATIENCE)
        .until(
            () ->
                wire.records(topic)
                    .filter(r -> mark.equals(header(r, Headers.REPLY_TO)))
                    .map(r -> Json.read(r.value(), type))
                    .findFirst(),
            found -> found.isPresent())
        .orElseThrow();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  private Map<String, String> asserted(
      Event event, byte[] value, String sender, Map<String, ?> claims, String... roles) {
    Map<String, String> headers = headers(event);
    headers.put(
        Headers.ASSERTION,
        gateway.signAssertion(
            sender,
            DevKeys.TENANT,
            List.of(roles),
            EventType.of(event).ceType(),
            value,
            claims,
            Instant.now()));
    return headers;
  }

  private static Map<String, String> headers(Event event) {
    return new HashMap<>(
        CloudEvents.headers(event, "/test", UUID.randomUUID().toString(), Instant.now()));
  }

  // Requests

  static ToolCall bash(String command) {
    return call("Bash", Map.of("command", command));
  }

  static ToolCall call(String tool, Map<String, ?> input) {
    JsonNode json = Json.mapper().valueToTree(input);
    return new ToolCall(tool, json, "/proj", "/home/ann", null, null);
  }

  static PermissionRequest request(String session, String id, ToolCall call) {
    return new PermissionRequest(null, session, id, null, call, null, null, null);
  }

  String token(String session) {
    return tokens.computeIfAbsent(session, s -> keys.sessionToken(s, OWNER, "test", List.of()));
  }

  /** Asks, and returns the request's id. */
  String ask(String session, ToolCall call) {
    return ask(request(session, id("r"), call));
  }

  String ask(PermissionRequest request) {
    wire.send(Topics.REQUESTS, request.sessionId(), Json.write(request), requestHeaders(request));
    return request.requestId();
  }

  /** A request as it is read, without being sent. */
  InboundRecord record(PermissionRequest request, long offset) {
    return record(request, offset, Map.of(Headers.TOKEN, token(request.sessionId())));
  }

  static InboundRecord record(PermissionRequest request, long offset, Map<String, String> headers) {
    return new InboundRecord(
        Topics.REQUESTS,
        5,
        offset,
        Instant.now(),
        request.sessionId().getBytes(StandardCharsets.UTF_8),
        Json.write(request),
        headers);
  }

  Map<String, String> requestHeaders(PermissionRequest request) {
    Map<String, String> headers = headers(request);
    headers.put(Headers.TOKEN, token(request.sessionId()));
    return headers;
  }

  void cancel(String session, String request) {
    PermissionCancel cancel = new PermissionCancel(null, session, request, "changed my mind");
    Map<String, String> headers = headers(cancel);
    headers.put(Headers.TOKEN, token(session));
    wire.send(Topics.REQUESTS, session, Json.write(cancel), headers);
  }

  PermissionReply decision(String session, ToolCall call) {
    return reply(ask(session, call));
  }

  PermissionReply reply(String request) {
    return await(
        "reply to " + request,
        Topics.REPLIES,
        PermissionReply.class,
        r -> request.equals(r.requestId()));
  }

  /** The decision that carries a requester's own mark. */
  PermissionReply replyTo(String mark) {
    return await("reply to " + mark, Topics.REPLIES, mark, PermissionReply.class);
  }

  Stream<PermissionReply> replies(String request) {
    return wire.values(Topics.REPLIES, PermissionReply.class)
        .filter(r -> request.equals(r.requestId()));
  }

  Receipt receipt(String request) {
    return await(
        "receipt of " + request,
        Topics.RECEIPTS,
        Receipt.class,
        r -> request.equals(r.decision().requestId()));
  }

  Stream<Receipt> receipts(String request) {
    return wire.values(Topics.RECEIPTS, Receipt.class)
        .filter(r -> request.equals(r.decision().requestId()));
  }

  DeadLetter deadLetter(Predicate<DeadLetter> which) {
    return await("dead letter", Topics.DEAD_LETTERS, DeadLetter.class, which);
  }

  // Prompts

  PromptState prompt(String request) {
    return await(
        "prompt of " + request,
        Topics.PROMPTS,
        PromptState.class,
        p -> request.equals(p.requestId()));
  }

  void awaitTombstone(String prompt) {
    org.awaitility.Awaitility.await("tombstone of " + prompt)
        .atMost(PATIENCE)
        .until(
            () ->
                wire.records(Topics.PROMPTS)
                    .anyMatch(r -> r.value() == null && prompt.equals(key(r))));
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  AnswerReply answer(PromptState prompt, String option) {
    return answer(prompt, option, OWNER, Map.of());
  }

  AnswerReply answer(
      PromptState prompt, String option, String person, Map<String, ?> claims, String... roles) {
    return answer(
        new PermissionAnswer(null, prompt.promptId(), id("a"), option, prompt.digest(), null, null),
        person,
        claims,
        roles);
  }

  AnswerReply answer(
      PermissionAnswer answer, String person, Map<String, ?> claims, String... roles) {
    sendAnswer(answer, person, claims, roles);
    return answerReply(answer.answerId());
  }

  void sendAnswer(PermissionAnswer answer, String person, Map<String, ?> claims, String... roles) {
    sendExactly(answer, person, claims, withApprover(claims, roles).toArray(String[]::new));
  }

  /** Sends an answer of a person with these roles and no other. */
  void sendExactly(PermissionAnswer answer, String person, Map<String, ?> claims, String... roles) {
    byte[] value = Json.write(answer);
    wire.send(
        Topics.ANSWERS, answer.promptId(), value, asserted(answer, value, person, claims, roles));
  }

  AnswerReply answerReply(String answer) {
    return await(
        "answer reply", Topics.ANSWER_REPLIES, AnswerReply.class, r -> answer.equals(r.answerId()));
  }

  <T> T await(String what, String topic, Class<T> type, Predicate<T> which) {
    return org.awaitility.Awaitility.await(what)
        .atMost(PATIENCE)
        .until(() -> wire.values(topic, type).filter(which).findFirst(), f -> f.isPresent())
        .orElseThrow();
  }
}

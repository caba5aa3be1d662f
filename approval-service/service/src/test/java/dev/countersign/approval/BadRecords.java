package dev.countersign.approval;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.TokenSigner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Records that no consumer can use, each wrong in one place: a field, a header, the key or the
 * value as a whole. Their senders are proven wherever the topic asks for it, so that each gets as
 * deep as it can.
 */
final class BadRecords {
  /**
   * @param what is wrong with it, for the message of a failed test
   */
  record Bad(String what, String topic, String key, byte[] value, Map<String, String> headers) {}

  private static final int LONG = 5_000;
  private static final int MEGABYTE = 1_100_000;
  private static final String HALF = "@half-a-pair@";

  /** A topic, a valid event of it, and what makes each of its fields wrong. */
  private record Shape(EventType type, String json, String key, Map<String, String> wrongs) {}

  private static final String ID = "absent null object list empty long huge nul half";
  private static final String OPTIONAL_ID = "object list empty long huge nul half";
  private static final String TEXT = "object list long huge nul half";
  private static final String FREE_TEXT = "object list huge nul half";
  private static final String OBJECT = "absent null text list";
  private static final String OPTIONAL_OBJECT = "text list";

  private final World world;
  private final String session;
  private final Random random;
  private final int hugeOneIn;
  private final TokenSigner gateway;
  private final String nowhere;
  private final List<Shape> requests;
  private final List<Shape> others;

  /**
   * @param session one that exists, of {@link World#OWNER}
   * @param hugeOneIn how rare records of a megabyte are
   */
  BadRecords(World world, String session, long seed, int hugeOneIn) {
    this.world = world;
    this.session = session;
    this.random = new Random(seed);
    this.hugeOneIn = hugeOneIn;
    this.gateway = world.keys.signer(DevKeys.GATEWAY);
    this.nowhere =
        world.keys.sessionToken(session, World.OWNER, "nowhere", List.of("permission.nowhere"));
    this.requests = List.of(ask(), cancel(), finish());
    this.others = List.of(answer(), command(), overrideReply(), document());
  }

  /** The next one; always the same ones for the same seed, but for their ids. */
  Bad next() {
    int dice = random.nextInt(100);
    if (dice < 60) {
      return field(requests.get(random.nextInt(requests.size())));
    }
    if (dice < 75) {
      return field(others.get(random.nextInt(others.size())));
    }
    List<Shape> all = random.nextInt(3) == 0 ? others : requests;
    Shape shape = all.get(random.nextInt(all.size()));
    return dice < 88 ? whole(shape) : header();
  }

  private Shape ask() {
    String json =
        """
        {"tenant":"default","sessionId":"%s","requestId":"@id@","turnId":"t1","maxWaitMillis":1000,
         "claimedMode":"default","agentAsks":"why",
         "toolCall":{"tool":"Bash","input":{"command":"ls"},"cwd":"/proj","home":"/home/ann",
           "resolvedPaths":{"/proj/a":"/b"},"workspaceRoots":["/proj"]}}
        """
            .formatted(session);
    Map<String, String> wrongs = new HashMap<>();
    wrongs.put("tenant", OPTIONAL_ID + " unknown");
    wrongs.put("sessionId", ID + " unknown");
    wrongs.put("requestId", ID);
    wrongs.put("turnId", OPTIONAL_ID);
    wrongs.put("maxWaitMillis", "text object list negative");
    wrongs.put("claimedMode", TEXT + " unknown");
    wrongs.put("agentAsks", TEXT);
    wrongs.put("toolCall", OBJECT);
    wrongs.put("toolCall/tool", "absent null empty " + TEXT);
    wrongs.put("toolCall/input", OPTIONAL_OBJECT);
    wrongs.put("toolCall/input/command", "huge nul half");
    wrongs.put("toolCall/cwd", FREE_TEXT);
    wrongs.put("toolCall/home", FREE_TEXT);
    wrongs.put("toolCall/resolvedPaths", "text list gap longgap");
    wrongs.put("toolCall/workspaceRoots", "text object nulls");
    return new Shape(EventType.PERMISSION_REQUESTED, json, session, wrongs);
  }

  private Shape cancel() {
    return new Shape(
        EventType.PERMISSION_CANCELLED,
        """
        {"tenant":"default","sessionId":"%s","requestId":"@id@","reason":"no"}
        """
            .formatted(session),
        session,
        Map.of(
            "tenant",
            OPTIONAL_ID + " unknown",
            "sessionId",
            ID + " unknown",
            "requestId",
            ID,
            "reason",
            TEXT));
  }

  /** Also the report about a request that does not exist is a bad one, whatever its fields. */
  private Shape finish() {
    return new Shape(
        EventType.CALL_FINISHED,
        """
        {"tenant":"default","sessionId":"%s","requestId":"@id@","result":"succeeded"}
        """
            .formatted(session),
        session,
        Map.of(
            "tenant", OPTIONAL_ID + " unknown",
            "sessionId", ID + " unknown",
            "requestId", ID + " unknown",
            "result", TEXT + " unknown"));
  }

  /** To a prompt that does not exist. */
  private static Shape answer() {
    return new Shape(
        EventType.PROMPT_ANSWERED,
        """
        {"tenant":"default","promptId":"@id@","answerId":"@id@","optionId":"allow_once",
         "digest":"d","feedback":"fine","editedInput":{"command":"ls"}}
        """,
        "@id@",
        Map.of(
            "tenant", OPTIONAL_ID + " unknown",
            "promptId", ID,
            "answerId", ID,
            "optionId", "absent null empty " + TEXT + " unknown",
            "digest", FREE_TEXT,
            "feedback", TEXT,
            "editedInput", OPTIONAL_OBJECT));
  }

  private static Shape command() {
    return new Shape(
        EventType.SESSION_COMMANDED,
        """
        {"tenant":"default","commandId":"@id@","sessionId":"@id@","action":"start","owner":"ann",
         "settings":{"permissionMode":"default","workspaceRoots":["/proj"]},"reason":"why"}
        """,
        "@id@",
        Map.of(
            "tenant",
            OPTIONAL_ID + " unknown",
            "commandId",
            ID,
            "sessionId",
            ID,
            "action",
            "absent null unknown object list long",
            "owner",
            "object list long huge nul half",
            "settings",
            OPTIONAL_OBJECT,
            "settings/permissionMode",
            "object list unknown long",
            "settings/workspaceRoots",
            "text object nulls"));
  }

  private static Shape overrideReply() {
    return new Shape(
        EventType.OVERRIDE_SETTLED,
        """
        {"tenant":"default","commandId":"@id@","user":"ann","ok":true,"code":"ok","version":1}
        """,
        "ann",
        Map.of(
            "tenant", "object list empty long nul half",
            "ok", "object list text",
            "code", "absent null empty long object list",
            "version", "object list text",
            "document", "text list"));
  }

  private static Shape document() {
    return new Shape(
        EventType.DOCUMENT_CHANGED,
        """
        {"tenant":"default","user":"@id@","version":1,"document":{"schemaVersion":1,"tools":{}}}
        """,
        "@id@",
        Map.of(
            "tenant",
            "object list empty long nul half",
            "user",
            ID,
            "version",
            "absent null object list text negative",
            "document",
            OBJECT));
  }

  private Bad field(Shape shape) {
    List<String> fields = shape.wrongs().keySet().stream().sorted().toList();
    String field = fields.get(random.nextInt(fields.size()));
    String[] wrongs = shape.wrongs().get(field).split(" ");
    String wrong = wrongs[random.nextInt(wrongs.length)];
    if (wrong.equals("huge") && random.nextInt(hugeOneIn) != 0) {
      wrong = "nul";
    }
    String id = World.id("bad");
    ObjectNode event = (ObjectNode) Json.readTree(bytes(shape.json().replace("@id@", id)));
    int slash = field.lastIndexOf('/');
    ObjectNode parent = slash < 0 ? event : (ObjectNode) event.at("/" + field.substring(0, slash));
    spoil(parent, field.substring(slash + 1), wrong);
    byte[] value = bytes(event.toString().replace(HALF, "\\ud800"));
    return bad(shape, field + ": " + wrong, shape.key().replace("@id@", id), value);
  }

  private static void spoil(ObjectNode parent, String name, String wrong) {
    ArrayNode list = parent.arrayNode();
    switch (wrong) {
      case "absent" -> parent.remove(name);
      case "null" -> parent.putNull(name);
      case "object" -> parent.putObject(name).put("a", 1);
      case "list" -> parent.set(name, list.add("a"));
      case "nulls" -> parent.set(name, list.addNull());
      case "text" -> parent.put(name, "text");
      case "empty" -> parent.put(name, "");
      case "negative" -> parent.put(name, -1);
      case "long" -> parent.put(name, "x".repeat(LONG));
      case "huge" -> parent.put(name, "x".repeat(MEGABYTE));
      case "nul" -> parent.put(name, "a\u0000b");
      case "half" -> parent.put(name, "a" + HALF);
      case "unknown" -> parent.put(name, "no-such-name");
      case "gap" -> parent.putObject(name).putNull("/proj/a");
      case "longgap" -> parent.putObject(name).putNull("/p".repeat(LONG));
      default -> throw new IllegalArgumentException(wrong);
    }
  }

  private Bad whole(Shape shape) {
    String id = World.id("bad");
    String json = shape.json().replace("@id@", id);
    List<byte[]> values =
        List.of(
            bytes("nonsense"),
            bytes(""),
            bytes("[]"),
            bytes("\"text\""),
            bytes(json.substring(0, json.length() / 2)),
            bytes("[".repeat(LONG)),
            new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    int which = random.nextInt(values.size() + 1);
    byte[] value = which == values.size() ? null : values.get(which);
    return bad(shape, "value " + which, shape.key().replace("@id@", id), value);
  }

  private Bad bad(Shape shape, String what, String key, byte[] value) {
    Map<String, String> headers = new HashMap<>();
    headers.put(Headers.CE_TYPE, shape.type().ceType());
    switch (shape.type()) {
      case PERMISSION_REQUESTED, PERMISSION_CANCELLED, CALL_FINISHED ->
          headers.put(Headers.TOKEN, world.token(session));
      case PROMPT_ANSWERED, SESSION_COMMANDED -> {
        if (value != null) {
          headers.put(Headers.ASSERTION, assertion(shape.type(), value));
        }
      }
      default -> {}
    }
    return new Bad(
        shape.type().shortName() + " " + what, shape.type().topic(), key, value, headers);
  }

  private String assertion(EventType type, byte[] value) {
    return gateway.signAssertion(
        World.OWNER, DevKeys.TENANT, List.of(), type.ceType(), value, Map.of(), Instant.now());
  }

  /** A request that would be decided, with a header or a key that is wrong. */
  private Bad header() {
    String json = ask().json().replace("@id@", World.id("bad"));
    Map<String, String> headers = new HashMap<>();
    headers.put(Headers.CE_TYPE, EventType.PERMISSION_REQUESTED.ceType());
    headers.put(Headers.TOKEN, world.token(session));
    String key = session;
    int which = random.nextInt(13);
    switch (which) {
      case 0 -> headers.remove(Headers.TOKEN);
      case 1 -> headers.put(Headers.TOKEN, "x".repeat(LONG));
      case 2 -> headers.put(Headers.TOKEN, "");
      case 3 -> headers.put(Headers.TOKEN, "a\u0000b");
      case 4 -> headers.put(Headers.CE_TYPE, "no.such.type");
      case 5 -> headers.put(Headers.CE_TYPE, "x".repeat(LONG));
      case 6 -> headers.put(Headers.REPLY_TOPIC, "no.such.topic");
      case 7 -> headers.put(Headers.REPLY_TOPIC, "x".repeat(LONG));
      case 8 -> headers.put(Headers.REPLY_TOPIC, "a\u0000b");
      case 9 -> key = null;
      case 10 -> key = "x".repeat(LONG);
      case 11 -> key = "a\u0000b";
      default -> {
        headers.put(Headers.TOKEN, nowhere);
        headers.put(Headers.REPLY_TOPIC, "permission.nowhere");
      }
    }
    return new Bad("header " + which, Topics.REQUESTS, key, bytes(json), headers);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

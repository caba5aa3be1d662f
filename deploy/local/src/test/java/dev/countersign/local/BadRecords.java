package dev.countersign.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * Records that no consumer can use, each wrong in one place: a field, a header, the key or the
 * value as a whole. Their senders are proven wherever the topic asks for it, so that each gets as
 * deep as it can.
 */
final class BadRecords {
  /** A reply topic that tokens list and that does not exist. */
  private static final String NOWHERE = "permission.replies.nowhere";

  private static final int LONG = 5_000;
  private static final int MEGABYTE = 1_100_000;
  private static final String HALF = "@half-a-pair@";

  private final Agent agent;
  private final Senders senders;
  private final Random random;
  private final int hugeOneIn;
  private final String nowhere;
  private final List<EventShape> requests;
  private final List<EventShape> others = EventShape.ofOthers();

  /**
   * @param agent whose session the requests are of
   * @param hugeOneIn how rare records of a megabyte are
   */
  BadRecords(DevKeys keys, Agent agent, long seed, int hugeOneIn) {
    this.agent = agent;
    this.senders = new Senders(keys);
    this.random = new Random(seed);
    this.hugeOneIn = hugeOneIn;
    this.nowhere = keys.sessionToken(agent.sessionId(), agent.user(), "nowhere", List.of(NOWHERE));
    this.requests = EventShape.ofRequests(agent.sessionId());
  }

  /** The next one; always the same ones for the same seed, but for their ids. */
  FuzzRecord next() {
    int dice = random.nextInt(100);
    if (dice < 10) {
      EventShape shape = HintShapes.ALL.get(random.nextInt(HintShapes.ALL.size()));
      return random.nextBoolean() ? field(shape) : whole(shape);
    }
    if (dice < 60) {
      return field(requests.get(random.nextInt(requests.size())));
    }
    if (dice < 80) {
      return field(others.get(random.nextInt(others.size())));
    }
    List<EventShape> all = random.nextInt(3) == 0 ? others : requests;
    return dice < 90 ? whole(all.get(random.nextInt(all.size()))) : header();
  }

  private FuzzRecord field(EventShape shape) {
    List<String> fields = shape.wrongs().keySet().stream().sorted().toList();
    String field = fields.get(random.nextInt(fields.size()));
    String[] wrongs = shape.wrongs().get(field).split(" ");
    String wrong = wrongs[random.nextInt(wrongs.length)];
    if (wrong.equals("huge") && random.nextInt(hugeOneIn) != 0) {
      wrong = "nul";
    }
    String id = id();
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

  private FuzzRecord whole(EventShape shape) {
    String id = id();
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

  private FuzzRecord bad(EventShape shape, String what, String key, byte[] value) {
    Map<String, String> headers = new HashMap<>();
    headers.put(Headers.CE_TYPE, shape.type().ceType());
    switch (shape.type()) {
      case PERMISSION_REQUESTED, PERMISSION_CANCELLED, CALL_FINISHED ->
          headers.put(Headers.TOKEN, agent.sessionToken());
      default -> {
        if (value != null && !HintShapes.ALL.contains(shape)) {
          headers.put(Headers.ASSERTION, senders.assertion(shape.type(), agent.user(), value));
        }
      }
    }
    return new FuzzRecord(
        shape.type().shortName() + " " + what, shape.type().topic(), key, value, headers);
  }

  /** A request that would be decided, with a header or a key that is wrong. */
  private FuzzRecord header() {
    String json = requests.get(0).json().replace("@id@", id());
    Map<String, String> headers = new HashMap<>();
    headers.put(Headers.CE_TYPE, EventType.PERMISSION_REQUESTED.ceType());
    headers.put(Headers.TOKEN, agent.sessionToken());
    String key = agent.sessionId();
    int which = random.nextInt(14);
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
      case 12 -> key = "x" + "\ud83d\ude00".repeat(LONG);
      default -> {
        headers.put(Headers.TOKEN, nowhere);
        headers.put(Headers.REPLY_TOPIC, NOWHERE);
      }
    }
    return new FuzzRecord("header " + which, Topics.REQUESTS, key, bytes(json), headers);
  }

  private static String id() {
    return "bad-" + UUID.randomUUID();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package dev.countersign.approval.kafka;

import dev.countersign.protocol.CloudEvents;
import dev.countersign.protocol.Event;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A record to produce. Made only out of what this service decided: no topic, key or header of an
 * incoming record finds its way in by itself.
 *
 * @param value null for a tombstone
 * @param about the record that it answers or tells of; null if there is none
 */
public record Outgoing(
    String topic, byte[] key, byte[] value, Map<String, String> headers, Source about) {
  private static final String SOURCE = "/countersign/approval-service";

  /** An event on its own topic. */
  public static Outgoing event(Event event, String id, Instant time) {
    return event(EventType.of(event).topic(), event, id, time, null);
  }

  /**
   * An event on a topic, with the mark its requester wants back.
   *
   * @param replyTo null if there is none
   */
  public static Outgoing event(String topic, Event event, String id, Instant time, String replyTo) {
    Map<String, String> headers = new LinkedHashMap<>(CloudEvents.headers(event, SOURCE, id, time));
    if (replyTo != null) {
      headers.put(Headers.REPLY_TO, replyTo);
    }
    return new Outgoing(topic, bytes(event.key()), Json.write(event), headers, null);
  }

  /** The tombstone that ends a key of a compacted topic. */
  public static Outgoing tombstone(String topic, String key, Map<String, String> headers) {
    return new Outgoing(topic, bytes(key), null, headers, null);
  }

  /** The same with one more header. */
  public Outgoing with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Outgoing(topic, key, this.value, more, about);
  }

  /** The same, about a record. */
  public Outgoing about(Source record) {
    return new Outgoing(topic, key, value, headers, record);
  }

  /** The same on another topic. */
  Outgoing on(String other) {
    return new Outgoing(other, key, value, headers, about);
  }

  private static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }
}

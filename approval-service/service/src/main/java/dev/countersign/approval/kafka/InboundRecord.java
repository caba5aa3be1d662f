package dev.countersign.approval.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;

/**
 * A record as it came, before anything in it is believed.
 *
 * @param appendedAt when the broker appended it
 * @param key null if it has none
 * @param value null if it has none
 * @param headers as text; of a repeated one the last
 */
public record InboundRecord(
    String topic,
    int partition,
    long offset,
    Instant appendedAt,
    byte[] key,
    byte[] value,
    Map<String, String> headers) {

  /**
   * Takes a record over from the client. A time that the producer chose is not believed: then
   * {@code now} stands for the append time.
   */
  public static InboundRecord of(ConsumerRecord<byte[], byte[]> record, Instant now) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : record.headers()) {
      if (header.value() != null) {
        headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
      }
    }
    Instant at =
        record.timestampType() == TimestampType.LOG_APPEND_TIME
            ? Instant.ofEpochMilli(record.timestamp())
            : now;
    return new InboundRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        at,
        record.key(),
        record.value(),
        headers);
  }

  /** A header as text, or null. */
  public String header(String name) {
    return headers.get(name);
  }

  /** The key as text, or null. */
  public String keyText() {
    return key == null ? null : new String(key, StandardCharsets.UTF_8);
  }

  /** The value's size in bytes. */
  public long size() {
    return value == null ? 0 : value.length;
  }
}

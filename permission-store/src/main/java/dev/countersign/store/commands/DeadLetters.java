package dev.countersign.store.commands;

import dev.countersign.document.Names;
import dev.countersign.protocol.DeadLetter;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes dead letters of records; pure. */
final class DeadLetters {
  private static final String SERVICE = "permission-store";
  private static final int MAX_VALUE = 64 * 1024;

  private DeadLetters() {}

  static DeadLetter of(
      ConsumerRecord<String, byte[]> record,
      String tenant,
      String code,
      String detail,
      Instant now) {
    byte[] value = record.value();
    return new DeadLetter(
        tenant,
        record.topic(),
        record.partition(),
        record.offset(),
        record.key(),
        SERVICE,
        code,
        Names.sayable(detail),
        RecordHeaders.kept(record),
        value == null ? null : base64(value),
        value == null ? 0 : value.length,
        now);
  }

  private static String base64(byte[] value) {
    byte[] kept = value.length > MAX_VALUE ? Arrays.copyOf(value, MAX_VALUE) : value;
    return Base64.getEncoder().encodeToString(kept);
  }
}

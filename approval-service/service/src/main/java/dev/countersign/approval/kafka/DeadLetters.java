package dev.countersign.approval.kafka;

import dev.countersign.protocol.DeadLetter;
import dev.countersign.protocol.Headers;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** Makes dead letters out of records that cannot be used. */
public final class DeadLetters {
  private static final int MAX_VALUE = 64 * 1024;
  private static final int MAX_HEADER = 1024;
  private static final String SERVICE = "approval-service";

  private DeadLetters() {}

  /** The dead letter of a record; carries no credential. */
  public static Outgoing of(InboundRecord record, String code, String detail, Instant now) {
    DeadLetter letter =
        new DeadLetter(
            null,
            record.topic(),
            record.partition(),
            record.offset(),
            record.keyText(),
            SERVICE,
            code,
            detail,
            headers(record),
            value(record.value()),
            record.size(),
            now);
    String id = record.topic() + "/" + record.partition() + "/" + record.offset();
    return Outgoing.event(letter, id, now);
  }

  private static Map<String, String> headers(InboundRecord record) {
    Map<String, String> kept = new TreeMap<>(record.headers());
    kept.keySet().removeIf(DeadLetters::credential);
    kept.replaceAll((name, value) -> value.substring(0, Math.min(MAX_HEADER, value.length())));
    return kept;
  }

  private static boolean credential(String header) {
    return Headers.CREDENTIALS.stream().anyMatch(header::equalsIgnoreCase)
        || header.equalsIgnoreCase("authorization");
  }

  private static String value(byte[] value) {
    if (value == null) {
      return null;
    }
    byte[] kept = value.length <= MAX_VALUE ? value : Arrays.copyOf(value, MAX_VALUE);
    return Base64.getEncoder().encodeToString(kept);
  }
}

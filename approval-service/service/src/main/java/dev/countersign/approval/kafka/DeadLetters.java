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
  private static final int MAX_HEADERS = 50;
  private static final int MAX_DETAIL = 2000;
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
            cut(record.keyText(), MAX_HEADER),
            SERVICE,
            code,
            cut(detail, MAX_DETAIL),
            headers(record),
            value(record.value()),
            record.size(),
            now);
    Source about = Source.of(record);
    return Outgoing.event(letter, about.toString(), now).about(about);
  }

  /** The dead letter of what was made here and no topic takes; names the record it was about. */
  static Outgoing ofUnsendable(Outgoing outgoing, String code, String detail, Instant now) {
    Source about = outgoing.about() == null ? Source.unknown(outgoing.topic()) : outgoing.about();
    return of(about, code, detail, now);
  }

  /** A dead letter about a record whose content is not at hand. */
  public static Outgoing of(Source about, String code, String detail, Instant now) {
    DeadLetter letter =
        new DeadLetter(
            null,
            about.topic(),
            about.partition(),
            about.offset(),
            null,
            SERVICE,
            code,
            cut(detail, MAX_DETAIL),
            Map.of(),
            null,
            0,
            now);
    return Outgoing.event(letter, about + "/" + code, now).about(about);
  }

  private static Map<String, String> headers(InboundRecord record) {
    TreeMap<String, String> kept = new TreeMap<>(record.headers());
    kept.keySet().removeIf(name -> credential(name) || name.length() > MAX_HEADER);
    kept.replaceAll((name, value) -> cut(value, MAX_HEADER));
    while (kept.size() > MAX_HEADERS) {
      kept.remove(kept.lastKey());
    }
    return kept;
  }

  private static String cut(String text, int most) {
    return text == null || text.length() <= most ? text : text.substring(0, most);
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

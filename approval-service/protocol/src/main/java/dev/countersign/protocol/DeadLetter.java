package dev.countersign.protocol;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Says of a record that it could not be read or decided, and where it stands, so that none is lost
 * in silence. No erase reaches it, so it holds nothing of the record's value.
 *
 * @param topic where it stood
 * @param recordKey its key where that is an id, or a pseudonym where it names a person; else null
 * @param service which service gave it up
 * @param code why, as a stable word, such as {@code malformed_json}, {@code bad_token}, {@code
 *     too_large}, {@code null_key}
 * @param detail a sentence that quotes nothing of the record; null if the code says all
 * @param headers its own headers out of {@link #HEADERS}; any other is left out here
 * @param valueSize its value's size in bytes
 */
public record DeadLetter(
    String tenant,
    String topic,
    int partition,
    long offset,
    String recordKey,
    String service,
    String code,
    String detail,
    Map<String, String> headers,
    long valueSize,
    Instant at)
    implements Event {
  /** The headers that say what a record is, and nothing of what it says. */
  public static final Set<String> HEADERS =
      Set.of(
          Headers.CE_SPECVERSION,
          Headers.CE_TYPE,
          Headers.CE_SOURCE,
          Headers.CE_TIME,
          Headers.CE_TENANT,
          "content-type");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:/+;= -]{1,128}");

  public DeadLetter {
    tenant = Require.tenant(tenant);
    topic = Require.text("topic", topic, 256);
    service = Require.text("service", service, 64);
    code = Require.text("code", code, 64);
    headers = plain(Require.map("headers", headers));
  }

  private static Map<String, String> plain(Map<String, String> headers) {
    Map<String, String> kept = new TreeMap<>(headers);
    kept.keySet().retainAll(HEADERS);
    kept.values().removeIf(text -> !PLAIN.matcher(text).matches());
    return Map.copyOf(kept);
  }

  @Override
  public String key() {
    return recordKey;
  }
}

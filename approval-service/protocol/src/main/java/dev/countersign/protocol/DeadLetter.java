package dev.countersign.protocol;

import java.time.Instant;
import java.util.Map;

/**
 * A record that could not be read or decided, kept so that nothing is lost.
 *
 * @param topic where it stood
 * @param recordKey its key as text; null if it had none
 * @param service which service gave it up
 * @param code why, as a stable word, such as {@code malformed_json}, {@code bad_token}, {@code
 *     too_large}, {@code null_key}
 * @param headers its headers as text, without credentials
 * @param value its value, base64, cut at 64 KiB; null if it had none
 * @param valueSize the whole value's size in bytes
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
    String value,
    long valueSize,
    Instant at)
    implements Event {
  public DeadLetter {
    tenant = Require.tenant(tenant);
    topic = Require.text("topic", topic, 256);
    service = Require.text("service", service, 64);
    code = Require.text("code", code, 64);
    headers = Require.map("headers", headers);
  }

  @Override
  public String key() {
    return recordKey;
  }
}

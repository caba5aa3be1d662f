package dev.countersign.protocol;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** CloudEvents 1.0 headers in binary content mode (Kafka protocol binding). */
public final class CloudEvents {
  private CloudEvents() {}

  /**
   * The headers of an event, in a stable order.
   *
   * @param source who sends it, such as {@code /countersign/approval-service}
   * @param id unique per source; the same again for the same event sent again
   */
  public static Map<String, String> headers(Event event, String source, String id, Instant time) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(Headers.CE_SPECVERSION, "1.0");
    headers.put(Headers.CE_ID, id);
    headers.put(Headers.CE_TYPE, EventType.of(event).ceType());
    headers.put(Headers.CE_SOURCE, source);
    headers.put(Headers.CE_TIME, time.toString());
    if (event.key() != null) {
      headers.put(Headers.CE_SUBJECT, event.key());
    }
    headers.put(Headers.CE_TENANT, event.tenant());
    headers.put(Headers.CONTENT_TYPE, "application/json");
    return headers;
  }
}

package dev.countersign.store.commands;

import dev.countersign.protocol.Headers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Reads Kafka headers as text. */
final class RecordHeaders {
  private static final int MAX_MARK = 128;
  private static final int MAX_KEPT = 1024;
  private static final int MAX_HEADERS = 50;

  private RecordHeaders() {}

  /** The last value of a header; null if there is none. */
  static String text(ConsumerRecord<?, ?> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : text(header);
  }

  /** The mark that goes back on the reply; null if there is none, or one over the limit. */
  static String replyTo(ConsumerRecord<?, ?> record) {
    String mark = text(record, Headers.REPLY_TO);
    return mark == null || mark.length() > MAX_MARK ? null : mark;
  }

  /** What of the headers may be kept: no credentials, and nothing long. */
  static Map<String, String> kept(ConsumerRecord<?, ?> record) {
    Map<String, String> kept = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      String text = text(header);
      boolean secret = Headers.CREDENTIALS.contains(header.key().toLowerCase(Locale.ROOT));
      if (!secret && text != null && kept.size() < MAX_HEADERS) {
        kept.put(header.key(), text.length() > MAX_KEPT ? text.substring(0, MAX_KEPT) : text);
      }
    }
    return kept;
  }

  private static String text(Header header) {
    return header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }
}

package dev.countersign.store.commands;

import dev.countersign.protocol.Headers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Reads Kafka headers as text. */
final class RecordHeaders {
  private static final int MAX_MARK = 128;

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

  /** All of them, each with its last value. */
  static Map<String, String> all(ConsumerRecord<?, ?> record) {
    Map<String, String> all = new HashMap<>();
    for (Header header : record.headers()) {
      String text = text(header);
      if (text != null) {
        all.put(header.key(), text);
      }
    }
    return all;
  }

  private static String text(Header header) {
    return header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }
}

package dev.countersign.local;

import dev.countersign.protocol.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Looks for a text on every topic. */
final class OnTopics {
  private OnTopics() {}

  /** The topics with a record that has it in its key, its value or a header. */
  static List<String> holding(String bootstrap, String text) {
    return Topics.ALL.stream()
        .filter(
            topic ->
                Decisions.all(bootstrap, topic).stream().anyMatch(record -> holds(record, text)))
        .sorted()
        .toList();
  }

  private static boolean holds(ConsumerRecord<String, byte[]> record, String text) {
    boolean inHeaders = false;
    for (var header : record.headers()) {
      inHeaders |= holds(header.value(), text);
    }
    return inHeaders
        || holds(record.value(), text)
        || record.key() != null && record.key().contains(text);
  }

  private static boolean holds(byte[] bytes, String text) {
    return bytes != null && new String(bytes, StandardCharsets.UTF_8).contains(text);
  }
}

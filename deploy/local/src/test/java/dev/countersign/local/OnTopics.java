package dev.countersign.local;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Looks for a text on every topic that the broker has, but for its own. */
final class OnTopics {
  private OnTopics() {}

  /** The topics with a record that has it in its key, its value or a header. */
  static List<String> holding(String bootstrap, String text) {
    return topics(bootstrap).stream()
        .filter(
            topic ->
                Decisions.all(bootstrap, topic).stream().anyMatch(record -> holds(record, text)))
        .sorted()
        .toList();
  }

  private static Set<String> topics(String bootstrap) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      return admin.listTopics().names().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
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

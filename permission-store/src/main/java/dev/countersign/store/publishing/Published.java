package dev.countersign.store.publishing;

import dev.countersign.document.DocumentText;
import dev.countersign.document.Names;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.UserDocument;
import dev.countersign.store.users.UserKey;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What a record of {@code override.documents} says.
 *
 * @param document in its normal form; null after an erase
 */
record Published(UserKey user, long version, String document) {
  /** What a record says; empty for one that no store wrote. */
  static Optional<Published> of(ConsumerRecord<String, byte[]> record) {
    try {
      return Optional.of(record.value() == null ? erased(record) : changed(record.value()));
    } catch (RuntimeException | StackOverflowError e) {
      return Optional.empty();
    }
  }

  private static Published changed(byte[] value) {
    OverrideDocument document = Json.read(value, OverrideDocument.class);
    return new Published(
        new UserKey(document.tenant(), document.user()),
        document.version(),
        DocumentText.write(Json.read(Json.write(document.document()), UserDocument.class)));
  }

  private static Published erased(ConsumerRecord<String, byte[]> record) {
    String tenant = header(record, Headers.CE_TENANT);
    String user = OverrideDocument.userOf(String.valueOf(record.key()));
    if (!Names.isId(user) || tenant != null && !Names.isId(tenant)) {
      throw new IllegalArgumentException("no store wrote this");
    }
    return new Published(
        new UserKey(tenant == null ? "default" : tenant, user),
        Long.parseLong(String.valueOf(header(record, Headers.VERSION))),
        null);
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Of each user the highest. */
  static Collection<Published> highest(Iterable<ConsumerRecord<String, byte[]>> records) {
    Map<UserKey, Published> highest = new LinkedHashMap<>();
    records.forEach(
        record ->
            of(record)
                .ifPresent(
                    p -> highest.merge(p.user(), p, (a, b) -> a.version() > b.version() ? a : b)));
    return highest.values();
  }
}

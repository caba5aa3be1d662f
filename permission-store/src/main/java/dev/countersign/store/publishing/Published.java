package dev.countersign.store.publishing;

import dev.countersign.document.DocumentText;
import dev.countersign.protocol.Erasure;
import dev.countersign.protocol.Identifiers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.UserDocument;
import dev.countersign.protocol.token.StoreSignature;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenVerifier;
import dev.countersign.store.users.UserKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What a record of {@code override.documents} says.
 *
 * @param version 0 for a record that no store signed: it says nothing, but it stands there
 * @param document in its normal form; null after an erase
 * @param erasure the latest erase; null if there was none
 */
record Published(UserKey user, long version, String document, Erasure erasure) {
  /** What a record says, or whose place it takes; empty if its key names no user. */
  static Optional<Published> of(ConsumerRecord<String, byte[]> record, TokenVerifier verifier) {
    try {
      StoreSignature.Settled settled =
          StoreSignature.document(
              verifier,
              record.key(),
              record.value(),
              name -> header(record, name),
              Instant.ofEpochMilli(record.timestamp()));
      return Optional.of(
          new Published(
              new UserKey(settled.tenant(), settled.user()),
              settled.version(),
              text(settled),
              settled.erasure()));
    } catch (TokenException | RuntimeException | StackOverflowError e) {
      return userOf(record.key()).map(user -> new Published(user, 0, null, null));
    }
  }

  private static String text(StoreSignature.Settled settled) {
    return settled.document() == null
        ? null
        : DocumentText.write(Json.read(Json.write(settled.document()), UserDocument.class));
  }

  private static Optional<UserKey> userOf(String key) {
    if (key == null) {
      return Optional.empty();
    }
    int slash = key.indexOf('/');
    String tenant = slash < 0 ? "default" : key.substring(0, slash);
    String user = OverrideDocument.userOf(key);
    return Identifiers.isId(tenant) && Identifiers.isUser(user)
        ? Optional.of(new UserKey(tenant, user))
        : Optional.empty();
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  /**
   * Of each user what a store signed in the highest version, with the latest erase that any of the
   * records tells of. A version that was given twice is there with both documents, and a record
   * that tells of another erase with the number of that one is there, too.
   */
  static Collection<Published> highest(Collection<Published> records) {
    Map<UserKey, Published> highest = new LinkedHashMap<>();
    records.stream()
        .filter(p -> p.version() > 0)
        .forEach(p -> highest.merge(p.user(), p, Published::latest));
    return records.stream()
        .filter(p -> p.version() > 0)
        .flatMap(p -> p.below(highest.get(p.user())))
        .distinct()
        .toList();
  }

  /** What is left of this beside the highest one of its user. */
  private Stream<Published> below(Published highest) {
    boolean other = erasure != null && erasure.isOtherThan(highest.erasure);
    return other
        ? Stream.of(this)
        : version == highest.version ? Stream.of(latest(highest)) : Stream.of();
  }

  private Published latest(Published other) {
    Published later = version >= other.version ? this : other;
    return new Published(
        user, later.version, later.document, Erasure.latest(erasure, other.erasure));
  }
}

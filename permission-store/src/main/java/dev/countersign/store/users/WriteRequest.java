package dev.countersign.store.users;

import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Json;
import dev.countersign.store.document.Change;
import java.time.Instant;
import java.util.Objects;

/**
 * A change that a proven sender wants, whichever way it came.
 *
 * @param commandId makes it idempotent; null for a writer that never sends twice
 * @param expected the versions of the document one of which it must find
 * @param source who wants it, for the history
 * @param mayWiden whether its sender may loosen what the user settled; anybody may tighten
 */
public record WriteRequest(
    UserKey key,
    String commandId,
    Change change,
    Expected expected,
    ChangeSource source,
    boolean mayWiden,
    Instant now) {
  public WriteRequest {
    Objects.requireNonNull(key);
    Objects.requireNonNull(change);
    Objects.requireNonNull(expected);
    Objects.requireNonNull(source);
    Objects.requireNonNull(now);
  }

  /** The digest of what is asked for; who asks does not matter. */
  String digest() {
    return Digest.of(key.text() + " " + change.action() + " " + Digest.of(Json.write(change)));
  }
}

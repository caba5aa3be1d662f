package dev.countersign.store.imports;

import dev.countersign.store.users.UserKey;
import java.time.Instant;
import java.util.Objects;

/**
 * A file that somebody wants imported.
 *
 * @param file its name, for the report; null for the usual one of its format
 * @param format null if it is to be guessed
 * @param modified when it was last changed: a document changed later is left as it is; null if that
 *     does not matter
 * @param actor who wants it, for the history
 * @param mayWiden whether they may loosen what the user settled
 * @param once whether the same content is never imported again for this user
 */
public record Upload(
    UserKey user,
    String file,
    Format format,
    byte[] content,
    Instant modified,
    String actor,
    boolean mayWiden,
    boolean dryRun,
    boolean once) {
  public Upload {
    Objects.requireNonNull(user);
    Objects.requireNonNull(content);
    Objects.requireNonNull(actor);
  }
}

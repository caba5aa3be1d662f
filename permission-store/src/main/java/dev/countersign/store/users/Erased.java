package dev.countersign.store.users;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Map;

/** What an erase leaves of what was settled before it. */
public final class Erased {
  /** In place of a digest, which a guess could be compared with: it fits whatever is compared. */
  public static final String DIGEST = "erased";

  private static final String HISTORY =
      "update permission_history set before_document = null, after_document = null, tool = null,"
          + " resource = null, level = null, note = null"
          + " where tenant = :tenant and user_id = :user";

  private static final String COMMANDS =
      "update command_result set digest = :erased, reply = cast('' as bytea)"
          + " where tenant = :tenant and user_id = :user";

  private static final String IMPORTS =
      "delete from imported_file"
          + " where tenant = :tenant and user_id = :user and digest <> :erased";

  /** A file of theirs that lies in the import folder must not bring back what it held. */
  private static final String NO_MORE_IMPORTS =
      "insert into imported_file (tenant, user_id, digest, at)"
          + " values (:tenant, :user, :erased, :now) on conflict do nothing";

  private Erased() {}

  /**
   * Empties everything a user's history, stored replies and imports say about what was settled.
   * Lines and command ids stay, so versions have no gap and a command sent again is still known.
   * Runs in the caller's transaction, under the user's lock.
   */
  static Uni<Void> forget(UserKey key, Instant now) {
    Map<String, Object> user = Map.of("tenant", key.tenant(), "user", key.user());
    Map<String, Object> marked =
        Map.of("tenant", key.tenant(), "user", key.user(), "erased", DIGEST);
    Map<String, Object> timed =
        Map.of("tenant", key.tenant(), "user", key.user(), "erased", DIGEST, "now", now);
    return Updates.run(HISTORY, user)
        .chain(() -> Updates.run(COMMANDS, marked))
        .chain(() -> Updates.run(IMPORTS, marked))
        .chain(() -> Updates.run(NO_MORE_IMPORTS, timed))
        .replaceWithVoid();
  }
}

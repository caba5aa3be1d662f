package dev.countersign.store.users;

import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Reads what is committed, from the row that the writer writes. */
@ApplicationScoped
public class PermissionReader {
  /** A user's document now; the empty one at version 0 for a user who settled nothing yet. */
  @WithSession
  public Uni<UserPermissions.Snapshot> read(UserKey key) {
    return UserPermissions.<UserPermissions>findById(key)
        .map(user -> (user == null ? UserPermissions.none(key) : user).snapshot());
  }

  /**
   * A user's document at a moment.
   *
   * @param now by the database's clock
   */
  public record Moment(UserPermissions.Snapshot user, Instant now) {}

  /** The same with the moment, for those who ask what counts now. */
  @WithSession
  public Uni<Moment> readNow(UserKey key) {
    return read(key).chain(user -> UserLocks.clock().map(now -> new Moment(user, now)));
  }

  /**
   * A user's history, the newest first.
   *
   * @param before only lines with a lower id
   */
  @WithSession
  public Uni<List<HistoryLine>> history(UserKey key, long before, int limit) {
    return HistoryLine.find(
            "tenant = ?1 and user = ?2 and id < ?3 order by id desc",
            key.tenant(),
            key.user(),
            before)
        .page(0, limit)
        .list();
  }
}

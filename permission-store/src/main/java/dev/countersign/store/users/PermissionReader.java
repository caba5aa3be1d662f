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
   * A user's document, and when it was last changed by anybody: neither by an import nor by an end
   * that was reached. A change between the two readings makes the time newer than the document,
   * never older.
   */
  @WithSession
  public Uni<Settled> settled(UserKey key) {
    return UserPermissions.<UserPermissions>findById(key)
        .map(user -> (user == null ? UserPermissions.none(key) : user).snapshot())
        .chain(
            now ->
                HistoryLine.<HistoryLine>find(
                        "tenant = ?1 and user = ?2 and changesDocument and via not in ('import', 'expired')"
                            + " order by version desc",
                        key.tenant(),
                        key.user())
                    .firstResult()
                    .map(line -> new Settled(now, line == null ? null : line.at)));
  }

  /**
   * A user's document, and who may not overwrite it.
   *
   * @param changed when it was last changed by anybody but an import; null if never
   */
  public record Settled(UserPermissions.Snapshot now, Instant changed) {}

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

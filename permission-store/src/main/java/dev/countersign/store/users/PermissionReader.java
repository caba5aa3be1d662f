package dev.countersign.store.users;

import dev.countersign.protocol.Json;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Reads what is committed, from the row that the writer writes. */
@ApplicationScoped
public class PermissionReader {
  /** The most that the documents of one page of the history come to. */
  static final long PAGE_BYTES = 2L * Json.MAX_DOCUMENT_BYTES;

  /** Lengths are read without the documents themselves. */
  private static final String SIZED =
      """
      select id, cast(sum(bytes) over (order by id desc) as bigint) from (
        select id, coalesce(octet_length(before_document), 0)
          + coalesce(octet_length(after_document), 0) as bytes
        from permission_history
        where tenant = :tenant and user_id = :user and id < :before
        order by id desc limit :most) lines
      order by id desc
      """;

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
   * A page of a user's history.
   *
   * @param lines the newest first
   * @param next for {@code before}, to read on; null at the end
   */
  public record Page(List<HistoryLine> lines, Long next) {}

  /**
   * A user's history, the newest first: at most {@code limit} lines, and fewer where their
   * documents come to more than {@link #PAGE_BYTES}; at least one.
   *
   * @param before only lines with a lower id
   */
  @WithSession
  public Uni<Page> history(UserKey key, long before, int limit) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(SIZED, Object[].class)
                    .setParameter("tenant", key.tenant())
                    .setParameter("user", key.user())
                    .setParameter("before", before)
                    .setParameter("most", limit + 1)
                    .getResultList())
        .chain(
            sized -> {
              List<Long> ids =
                  IntStream.range(0, Math.min(limit, sized.size()))
                      .filter(i -> i == 0 || number(sized.get(i)[1]) <= PAGE_BYTES)
                      .mapToObj(i -> number(sized.get(i)[0]))
                      .toList();
              if (ids.isEmpty()) {
                return Uni.createFrom().item(new Page(List.of(), null));
              }
              Long next = sized.size() > ids.size() ? ids.get(ids.size() - 1) : null;
              return HistoryLine.<HistoryLine>list("id in ?1 order by id desc", ids)
                  .map(lines -> new Page(lines, next));
            });
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }
}

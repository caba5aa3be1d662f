package dev.countersign.store.publishing;

import static dev.countersign.store.publishing.Transactions.query;

import dev.countersign.protocol.Erasure;
import dev.countersign.protocol.Topics;
import dev.countersign.store.users.UserKey;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the database knows of the topic. Waits for its statements; not for event loops. */
@ApplicationScoped
class PublishedStore {
  private static final String TOPIC = Topics.OVERRIDE_DOCUMENTS;

  private static final String FOLLOW =
      """
      insert into published_topic as p (topic, topic_id, key_id, renewal) values ($1, $2, $3, 1)
      on conflict (topic) do update
      set topic_id = excluded.topic_id,
        key_id = case when p.renewal < $4 then excluded.key_id else p.key_id end,
        renewal = p.renewal + 1
      where p.topic_id <> excluded.topic_id
        or p.key_id <> excluded.key_id and p.renewal < $4
      returning 1
      """;

  private static final String RENEW =
      "update published_topic set renewal = renewal + 1 where topic = $1";

  private static final String SIGNING =
      "select key_id, renewal from published_topic where topic = $1";

  /** Locked, so that it stays the same until the transaction ends. */
  private static final String SAME_TOPIC =
      "select 1 from published_topic where topic = $1 and topic_id = $2 for share";

  private static final String NOTE =
      """
      insert into published_offset (topic, partition, next_offset)
      select $1, o.partition, o.next_offset
      from unnest($2::int[], $3::bigint[]) as o (partition, next_offset)
      order by o.partition
      on conflict (topic, partition) do update
      set next_offset = greatest(excluded.next_offset, published_offset.next_offset)
      """;

  /** Another one once a standby has taken over, or the database was restored to a moment. */
  private static final String TIMELINE = "select left(pg_walfile_name(pg_current_wal_lsn()), 8)";

  private static final String AHEAD =
      """
      select s.tenant, s.user_id, s.version, s.erased_version, s.erasure_id
      from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $6::bigint[],
        $7::text[]) as s (tenant, user_id, version, document, erased_version, erasure_id)
      left join user_permissions p on p.tenant = s.tenant and p.user_id = s.user_id
      where p.version is null or p.version < s.version
        or $5 and p.version = s.version
          and (p.erased <> (s.document is null)
            or not p.erased and p.document <> s.document)
        or s.erased_version > coalesce(p.erased_version, 0)
          and not exists (select from permission_history h
            where h.tenant = s.tenant and h.user_id = s.user_id and h.action = 'erase'
              and h.version >= s.erased_version)
        or s.erased_version = p.erased_version and s.erasure_id <> p.erasure_id
      """;

  private static final String AGAIN =
      """
      update user_permissions p set published_version = -1
      from unnest($1::text[], $2::text[], $3::bigint[]) as s (tenant, user_id, version)
      where p.tenant = s.tenant and p.user_id = s.user_id and p.published_version > s.version
      returning 1
      """;

  private final Transactions transactions;
  private final Renewal renewal;

  PublishedStore(Transactions transactions, Renewal renewal) {
    this.transactions = transactions;
    this.renewal = renewal;
  }

  /**
   * Notes which topic is published to from now on, and under which key. If either is another one
   * than before, every document is to be published again.
   *
   * @param renewal the key is noted where fewer renewals than this are
   * @return whether every document is published again, for this or for an earlier reason
   */
  boolean follow(String topicId, String keyId, long renewal) {
    transactions.run(
        connection -> {
          boolean other =
              !query(connection, FOLLOW, Tuple.of(TOPIC, topicId, keyId, renewal)).isEmpty();
          return other ? forget(connection) : null;
        });
    return this.renewal.carryOn();
  }

  /** The topic lost records: every document is to be published again. */
  void forget() {
    transactions.run(
        connection -> {
          query(connection, RENEW, Tuple.of(TOPIC));
          return forget(connection);
        });
    renewal.carryOn();
  }

  private static List<Row> forget(SqlConnection connection) {
    return query(connection, "delete from published_offset where topic = $1", Tuple.of(TOPIC));
  }

  /**
   * Marks those documents as not published that stand last on the topic in an older version than
   * the published one, or not at all; the number of them.
   */
  long publishAgain(Collection<Published> last) {
    Tuple params =
        Tuple.of(
            last.stream().map(p -> p.user().tenant()).toArray(String[]::new),
            last.stream().map(p -> p.user().user()).toArray(String[]::new),
            last.stream().map(Published::version).toArray(Long[]::new));
    return transactions.run(connection -> query(connection, AGAIN, params)).size();
  }

  /**
   * With which key documents are signed.
   *
   * @param renewal how often all of them were to be published again until then; grows with every
   *     other key
   */
  record Signing(String keyId, long renewal) {}

  /** As it is noted; renewal 0 where nothing is. */
  Signing signing() {
    return transactions.run(connection -> query(connection, SIGNING, Tuple.of(TOPIC))).stream()
        .map(row -> new Signing(row.getString(0), row.getLong(1)))
        .findFirst()
        .orElse(new Signing("", 0));
  }

  /** How far the topic is known. */
  Reached reached() {
    return transactions.run(PublishedStore::reached);
  }

  private static Reached reached(SqlConnection connection) {
    Map<Integer, Long> offsets = new HashMap<>();
    query(
            connection,
            "select partition, next_offset from published_offset where topic = $1",
            Tuple.of(TOPIC))
        .forEach(row -> offsets.put(row.getInteger(0), row.getLong(1)));
    return new Reached(query(connection, TIMELINE, Tuple.tuple()).get(0).getString(0), offsets);
  }

  /**
   * Notes how far it is known; no offset ever goes back.
   *
   * @param before what was noted last
   * @return false, and nothing is noted, if the database does not know {@code before} any more, or
   *     publishes to another topic
   */
  boolean note(String topicId, Reached before, Map<Integer, Long> offsets) {
    Integer[] partitions = offsets.keySet().toArray(Integer[]::new);
    Long[] next = offsets.values().toArray(Long[]::new);
    return transactions.run(
        connection -> {
          boolean same =
              !query(connection, SAME_TOPIC, Tuple.of(TOPIC, topicId)).isEmpty()
                  && reached(connection).continues(before);
          if (same && !offsets.equals(before.offsets())) {
            query(connection, NOTE, Tuple.of(TOPIC, partitions, next));
          }
          return same;
        });
  }

  /**
   * What is published and not known here: of a higher version than stands here, or with an erase
   * that never came here, whatever was written since, or that has the version of another one here.
   *
   * @param content look at the documents too, for the same version with another document
   */
  List<Published> ahead(Collection<Published> published, boolean content) {
    if (published.isEmpty()) {
      return List.of();
    }
    Tuple params =
        Tuple.of(
            published.stream().map(p -> p.user().tenant()).toArray(String[]::new),
            published.stream().map(p -> p.user().user()).toArray(String[]::new),
            published.stream().map(Published::version).toArray(Long[]::new),
            published.stream().map(p -> content ? p.document() : null).toArray(String[]::new),
            content,
            erasures(published, Erasure::version).toArray(Long[]::new));
    params.addArrayOfString(erasures(published, Erasure::id).toArray(String[]::new));
    List<Published> ahead = new ArrayList<>();
    transactions
        .run(connection -> query(connection, AHEAD, params))
        .forEach(
            row ->
                ahead.add(
                    new Published(
                        new UserKey(row.getString(0), row.getString(1)),
                        row.getLong(2),
                        null,
                        Erasure.of(row.getLong(3), row.getString(4)))));
    return ahead;
  }

  private static <T> Stream<T> erasures(Collection<Published> published, Function<Erasure, T> of) {
    return published.stream().map(p -> p.erasure() == null ? null : of.apply(p.erasure()));
  }
}

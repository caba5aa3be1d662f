package dev.countersign.approval.overrides;

import dev.countersign.approval.db.Columns;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.edits.CurrentDocument;
import dev.countersign.approval.requests.RequestRows;
import dev.countersign.protocol.Erasure;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.UserDocument;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * The SQL of the override projection. Versions only grow: an older document changes nothing.
 *
 * <p>A negative version is one that an earlier topic confirmed. Its document holds until the
 * present topic has one of this user, whatever version that is.
 */
@ApplicationScoped
public class ProjectionStore {
  private static final Duration RENEWAL = Duration.ofMinutes(5);

  /** Each that waits holds a thread and asks the database again and again. */
  private static final int MOST_WAITING = 16;

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private static final String SAME_TOPIC =
      "SELECT 1 FROM projection_topic WHERE topic = $1 AND topic_id = $2";

  /** Locked, so that it stays the same until the transaction ends. */
  private static final String STAYS_SAME_TOPIC = SAME_TOPIC + " FOR SHARE";

  /** The timeline stands in the name of the log's file. */
  private static final String REACHED =
      """
      SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8) AS timeline, partition, next_offset
      FROM (SELECT 1) AS one LEFT JOIN projection_offset ON topic = $1
      """;

  private final Database database;
  private final Semaphore waiting = new Semaphore(MOST_WAITING);

  public ProjectionStore(Database database) {
    this.database = database;
  }

  /**
   * A user's document.
   *
   * @param document null after an erase
   * @param erasure the latest erase; null if there was none, or nothing is said of it
   */
  public record Version(
      String tenant, String user, long version, byte[] document, Erasure erasure) {
    /** The later of two of one user; it tells of an erase that either tells of. */
    private Version latest(Version other) {
      Version later = version >= other.version ? this : other;
      return new Version(
          tenant, user, later.version, later.document, Erasure.latest(erasure, other.erasure));
    }
  }

  /** A user of a tenant. */
  public record UserKey(String tenant, String user) {}

  /**
   * A topic.
   *
   * @param id given by the brokers; the same name made again has another one
   */
  public record Topic(String name, String id) {}

  /**
   * Takes over documents; of several of one user the highest. An erase counts whether its tombstone
   * was seen or not: every later document tells of it.
   */
  public static void upsert(SqlClient client, Collection<Version> documents) {
    Map<String, Version> highest = new TreeMap<>();
    documents.forEach(d -> highest.merge(d.tenant() + "/" + d.user(), d, Version::latest));
    if (highest.isEmpty()) {
      return;
    }
    Columns<Version> columns =
        new Columns<>(List.copyOf(highest.values()))
            .text("tenant", Version::tenant)
            .text("user_id", Version::user)
            .number("version", Version::version)
            .bytes("document", Version::document);
    String sql =
        "INSERT INTO override_projection (tenant, user_id, version, document) SELECT * FROM "
            + columns.unnest("d")
            + " ON CONFLICT (tenant, user_id) DO UPDATE"
            + " SET version = excluded.version, document = excluded.document"
            + " WHERE excluded.version > override_projection.version";
    Database.query(client, sql, columns.params());
    highest.values().stream()
        .filter(d -> d.erasure() != null)
        .forEach(d -> Erasures.note(client, d.tenant(), d.user(), d.erasure()));
  }

  /** The documents of these users; one who settled nothing is left out. */
  public Map<UserKey, CurrentDocument> find(Collection<UserKey> users) {
    if (users.isEmpty()) {
      return Map.of();
    }
    Columns<UserKey> columns =
        new Columns<>(List.copyOf(users))
            .text("tenant", UserKey::tenant)
            .text("user_id", UserKey::user);
    String sql =
        "SELECT * FROM "
            + columns.unnest("k")
            + " JOIN override_projection USING (tenant, user_id)";
    Map<UserKey, CurrentDocument> found = new HashMap<>();
    for (Row row : database.query(sql, columns.params())) {
      byte[] document = RequestRows.bytes(row, "document");
      found.put(
          new UserKey(row.getString("tenant"), row.getString("user_id")),
          new CurrentDocument(row.getLong("version"), readable(document)));
    }
    return found;
  }

  /** Null where it cannot be read: that must not keep the others from being decided. */
  private static UserDocument readable(byte[] document) {
    try {
      return document == null ? UserDocument.EMPTY : Json.read(document, UserDocument.class);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * The version of a user's document that is in force: as soon as it is at least the wanted one,
   * and after two seconds whatever it is; at once where many wait already.
   */
  public long await(String tenant, String user, long wanted) {
    if (!waiting.tryAcquire()) {
      return version(tenant, user);
    }
    try {
      return awaited(tenant, user, wanted);
    } finally {
      waiting.release();
    }
  }

  private long awaited(String tenant, String user, long wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long version = version(tenant, user);
    while (version < wanted && System.nanoTime() < deadline) {
      LockSupport.parkNanos(PAUSE.toNanos());
      version = version(tenant, user);
    }
    return version;
  }

  private long version(String tenant, String user) {
    return database
        .query(
            "SELECT version FROM override_projection WHERE tenant = $1 AND user_id = $2",
            tenant,
            user)
        .stream()
        .mapToLong(row -> row.getLong("version"))
        .findFirst()
        .orElse(0);
  }

  /**
   * Takes over documents and how far the topic was read, in one transaction. The offsets come
   * first: a replica that waits there for another one holds no user's row meanwhile.
   *
   * @param before what was known to be reached
   * @return false, and nothing is taken over, if the database does not know {@code before} any
   *     more, or another topic is read
   */
  boolean advance(
      Topic topic, Reached before, Collection<Version> documents, Map<Integer, Long> offsets) {
    return database.transaction(
        connection -> {
          boolean same =
              !Database.query(connection, STAYS_SAME_TOPIC, Tuple.of(topic.name(), topic.id()))
                      .isEmpty()
                  && reached(connection, topic.name()).continues(before);
          if (!same) {
            return false;
          }
          for (Map.Entry<Integer, Long> offset : new TreeMap<>(offsets).entrySet()) {
            Database.query(
                connection,
                "INSERT INTO projection_offset (topic, partition, next_offset) VALUES ($1, $2, $3)"
                    + " ON CONFLICT (topic, partition) DO UPDATE"
                    + " SET next_offset = greatest(excluded.next_offset,"
                    + " projection_offset.next_offset)",
                Tuple.of(topic.name(), offset.getKey(), offset.getValue()));
          }
          upsert(connection, documents);
          return true;
        });
  }

  /**
   * Notes which topic is read from now on. If it is another one than before, nothing of it has been
   * read yet, and every document may be replaced by the one it has, whatever the versions.
   *
   * @return whether it is another one
   */
  public boolean follow(Topic topic) {
    // Without a lock: nearly always it is the same, and replicas that read hold theirs in turns.
    return database.query(SAME_TOPIC, topic.name(), topic.id()).isEmpty() && begin(topic);
  }

  private boolean begin(Topic topic) {
    return database.transaction(
        connection -> {
          boolean other =
              !Database.query(
                      connection,
                      "INSERT INTO projection_topic (topic, topic_id) VALUES ($1, $2)"
                          + " ON CONFLICT (topic) DO UPDATE SET topic_id = excluded.topic_id"
                          + " WHERE projection_topic.topic_id <> excluded.topic_id"
                          + " RETURNING topic_id",
                      Tuple.of(topic.name(), topic.id()))
                  .isEmpty();
          if (other) {
            Database.query(
                connection,
                "DELETE FROM projection_offset WHERE topic = $1",
                Tuple.of(topic.name()));
            Database.query(
                connection,
                "SELECT set_config('statement_timeout', $1, true)",
                Tuple.of(Long.toString(RENEWAL.toMillis())));
            connection
                .query("UPDATE override_projection SET version = -version WHERE version > 0")
                .execute()
                .await()
                .atMost(RENEWAL);
            connection
                .query("UPDATE erasure SET version = -version WHERE version > 0")
                .execute()
                .await()
                .atMost(RENEWAL);
          }
          return other;
        });
  }

  /** How far the topic was read. */
  Reached reached(String topic) {
    return database.transaction(connection -> reached(connection, topic));
  }

  private static Reached reached(SqlClient client, String topic) {
    Map<Integer, Long> offsets = new HashMap<>();
    String timeline = null;
    for (Row row : Database.query(client, REACHED, Tuple.of(topic))) {
      timeline = row.getString("timeline");
      if (row.getInteger("partition") != null) {
        offsets.put(row.getInteger("partition"), row.getLong("next_offset"));
      }
    }
    return new Reached(timeline, offsets);
  }

  /** The topic lost records, so this offset no longer says what was read. */
  void forgetOffset(String topic, int partition, long offset) {
    database.query(
        "DELETE FROM projection_offset WHERE topic = $1 AND partition = $2 AND next_offset = $3",
        topic,
        partition,
        offset);
  }
}

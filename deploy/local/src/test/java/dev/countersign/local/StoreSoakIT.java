package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.embedded.FreePorts;
import dev.countersign.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two replicas of the permission store and many writers of every kind on few users: every change
 * that was acknowledged is in the history and in the document, no version is missing, and the topic
 * and the projection soon hold what the database holds.
 */
@Timeout(400)
@ExtendWith(SystemFixture.Provider.class)
class StoreSoakIT {
  /** Many times what it takes; the figure itself is printed. */
  private static final Duration SOON = Duration.ofMinutes(2);

  private final SystemFixture system;
  private final Queue<SoakWriter.Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
  private final List<Integer> ports = new CopyOnWriteArrayList<>();

  StoreSoakIT(SystemFixture system) {
    this.system = system;
  }

  @Test
  void forAMoment() throws Exception {
    soak(15, 3, Duration.ofSeconds(3), false);
  }

  @Test
  @Tag("full")
  void forAMinute() throws Exception {
    soak(64, 10, Duration.ofSeconds(60), false);
  }

  @Test
  @Tag("full")
  void whileAReplicaIsKilledAndPostgresCrashesAndRestarts() throws Exception {
    soak(64, 10, Duration.ofSeconds(60), true);
  }

  private void soak(int writers, int users, Duration time, boolean faults) throws Exception {
    int port = FreePorts.next();
    Child second = replica(port);
    ports.add(system.stack().ports().store());
    ports.add(port);
    String run = system.newId();
    StoreClient client = new StoreClient(system.stack().keys());
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try (OverrideCommander commander =
        new OverrideCommander(system.stack().bootstrapServers(), system.stack().keys())) {
      List<String> names =
          IntStream.range(0, users).mapToObj(i -> "soak-" + run + "-" + i).toList();
      for (String user : names) {
        begin(client, user, writers);
      }
      long end = System.nanoTime() + time.toNanos();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        SoakWriter writer = new SoakWriter(run, i, client, commander, () -> ports);
        running.add(
            threads.submit(
                () -> {
                  writer.write(names, () -> System.nanoTime() > end, acknowledged);
                  return null;
                }));
      }
      if (faults) {
        second = disturb(second, port, end - time.toNanos(), time);
      }
      for (Future<?> writer : running) {
        writer.get(150, TimeUnit.SECONDS);
      }
      long quiet = System.nanoTime();
      int older = awaitTopicAndProjection(names);
      long caughtUp = Duration.ofNanos(System.nanoTime() - quiet).toMillis();
      prove(names, writers);
      report(time, older, caughtUp);
      if (!faults) {
        assertEquals(0, older, "an older document came after a newer one");
      }
    } finally {
      threads.shutdownNow();
      second.stop(Duration.ofSeconds(20));
    }
  }

  private Child replica(int port) {
    Child replica =
        system.stack().startReplica(ServiceName.STORE, "store-" + system.newId(), port, Map.of());
    system.stack().awaitReady(replica, port);
    return replica;
  }

  /** Each editor's rule must be there before it can be edited. */
  private void begin(StoreClient client, String user, int writers) throws Exception {
    List<String> rules =
        IntStream.range(0, writers)
            .filter(i -> SoakWriter.Way.of(i) == SoakWriter.Way.EDIT)
            .mapToObj(i -> SoakWriter.rule(SoakWriter.name(SoakWriter.Way.EDIT, i), 0))
            .toList();
    String document =
        new String(Json.write(Map.of("rules", Map.of("ask", rules))), StandardCharsets.UTF_8);
    assertEquals(200, client.write(ports.get(0), user, document, "\"0\"").status());
  }

  /** A replica dies at once; Postgres dies at once; a replica comes; Postgres is restarted. */
  private Child disturb(Child second, int port, long start, Duration time) {
    awaitShare(start, time, 0.25);
    ports.remove(Integer.valueOf(port));
    second.kill();
    awaitShare(start, time, 0.4);
    system.stack().postgres().process().destroyForcibly();
    system.stack().postgres().restart();
    awaitShare(start, time, 0.6);
    Child next = replica(port);
    ports.add(port);
    awaitShare(start, time, 0.8);
    system.stack().postgres().restart();
    return next;
  }

  private static void awaitShare(long start, Duration time, double share) {
    Awaitility.await()
        .atMost(time.plusSeconds(60))
        .until(() -> System.nanoTime() - start > share * time.toNanos());
  }

  /** How often the topic had an older document after a newer one on the way. */
  private int awaitTopicAndProjection(List<String> users) throws SQLException {
    Map<String, LatestDocuments.Latest> stored = stored(users);
    try (LatestDocuments topic = new LatestDocuments(system.stack().bootstrapServers());
        Connection approval = system.approvalDatabase()) {
      Awaitility.await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                Map<String, LatestDocuments.Latest> read = new HashMap<>(topic.read());
                read.keySet().retainAll(users);
                assertEquals(stored, read);
                assertEquals(stored, projected(approval, users));
              });
      return topic.olderAfterNewer();
    }
  }

  private Map<String, LatestDocuments.Latest> stored(List<String> users) throws SQLException {
    try (Connection store = system.storeDatabase()) {
      return documents(store, "user_permissions", users);
    }
  }

  private static Map<String, LatestDocuments.Latest> projected(
      Connection approval, List<String> users) throws SQLException {
    return documents(approval, "override_projection", users);
  }

  private static Map<String, LatestDocuments.Latest> documents(
      Connection database, String table, List<String> users) throws SQLException {
    String names = users.stream().map(u -> "'" + u + "'").collect(Collectors.joining(","));
    Map<String, LatestDocuments.Latest> documents = new HashMap<>();
    try (Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT user_id, version, document FROM %s WHERE user_id IN (%s)"
                    .formatted(table, names))) {
      while (rows.next()) {
        JsonNode document = Json.readTree(rows.getBytes("document"));
        documents.put(
            rows.getString("user_id"),
            new LatestDocuments.Latest(rows.getLong("version"), document));
      }
    }
    return documents;
  }

  private void prove(List<String> users, int writers) throws SQLException {
    try (Connection database = system.storeDatabase()) {
      for (String user : users) {
        SoakProof.prove(database, user, acknowledged);
      }
    }
    long active = acknowledged.stream().map(SoakWriter.Acknowledged::place).distinct().count();
    assertEquals(writers, active, "a writer did nothing");
  }

  private void report(Duration time, int older, long caughtUpMillis) {
    Map<String, Long> byWay =
        acknowledged.stream()
            .collect(
                Collectors.groupingBy(a -> a.place().replaceAll("-.*", ""), Collectors.counting()));
    assertTrue(byWay.size() == SoakWriter.Way.values().length, byWay::toString);
    System.out.printf(
        "%d changes acknowledged in %d s: %s; topic and projection equal %d ms later%s%n",
        acknowledged.size(),
        time.toSeconds(),
        byWay,
        caughtUpMillis,
        older == 0 ? "" : ", " + older + " older documents after newer ones on the way");
  }
}

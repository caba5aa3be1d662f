package dev.countersign.store.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.OverrideReply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two replicas under load, one of which dies at once: what was acknowledged is there. */
@Tag("full")
class TwoReplicasIT {
  private static final int WRITERS = 16;
  private static final int USERS = 5;
  private static final int CHANGES = 400;

  private final Map<String, Set<String>> acknowledged = new ConcurrentHashMap<>();
  private final AtomicBoolean enough = new AtomicBoolean();

  @Test
  void nothingAcknowledgedIsLostWhenAReplicaIsKilled() throws Exception {
    Backends backends = new Backends();
    Map<String, String> config = backends.start();
    config.forEach(System::setProperty);
    try (StoreProcess first = StoreProcess.start(Path.of("target", "first-replica.log"), config);
        StoreProcess second = StoreProcess.start(Path.of("target", "second-replica.log"), config);
        World world = new World()) {
      List<String> users = new ArrayList<>();
      for (int i = 0; i < USERS; i++) {
        users.add(World.newUser());
        acknowledged.put(users.get(i), ConcurrentHashMap.newKeySet());
      }
      ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int seed = i;
        URI address = (i % 4 == 1 ? first : second).address();
        writers.add(
            threads.submit(
                () -> {
                  Random random = new Random(seed);
                  while (!enough.get()) {
                    String user = users.get(random.nextInt(USERS));
                    if (seed % 2 == 0) {
                      overKafka(world, user);
                    } else {
                      overHttp(world, address, user);
                    }
                  }
                }));
      }
      awaitAcknowledged(CHANGES);
      first.kill();
      awaitAcknowledged(2 * CHANGES);
      enough.set(true);
      for (Future<?> writer : writers) {
        writer.get();
      }
      threads.shutdown();
      for (String user : users) {
        assertComplete(world, user);
      }
    } finally {
      config.keySet().forEach(System::clearProperty);
      backends.stop();
    }
  }

  private void awaitAcknowledged(int changes) {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> acknowledged.values().stream().mapToInt(Set::size).sum() >= changes);
  }

  private void overKafka(World world, String user) {
    String resource = "kafka-" + UUID.randomUUID();
    OverrideCommand command = World.set(user, "Bash", resource, "ask");
    world.send(command);
    OverrideReply reply = world.reply(command.commandId());
    assertTrue(reply.ok(), reply.detail());
    acknowledged.get(user).add(resource);
  }

  /** A dead replica acknowledges nothing; then nothing is expected of it. */
  private void overHttp(World world, URI address, String user) {
    String resource = "http-" + UUID.randomUUID();
    HttpRequest request =
        HttpRequest.newBuilder(
                address.resolve(
                    "/internal/users/%s/overrides/Bash?resource=%s".formatted(user, resource)))
            .header("Authorization", "Bearer " + tokens(world, user))
            .PUT(HttpRequest.BodyPublishers.ofString("{\"level\":\"ask\"}"))
            .build();
    try {
      int status =
          HttpClient.newHttpClient()
              .send(request, HttpResponse.BodyHandlers.discarding())
              .statusCode();
      if (status == 200) {
        acknowledged.get(user).add(resource);
      }
    } catch (IOException e) {
      // The replica is gone.
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private final Map<String, String> tokens = new HashMap<>();

  private synchronized String tokens(World world, String user) {
    return tokens.computeIfAbsent(user, u -> world.keys.personToken(u, "approver"));
  }

  private void assertComplete(World world, String user) {
    long versions = World.historyLines(user);
    assertEquals(
        versions, World.number("select version from user_permissions where user_id = ?", user));
    assertEquals(
        versions,
        World.number(
            "select count(distinct version) from permission_history where user_id = ?"
                + " and version between 1 and ?",
            user,
            versions));
    OverrideDocument document = world.document(user, versions);
    Set<String> stored = new TreeSet<>();
    document.document().at("/tools/Bash/resources").fieldNames().forEachRemaining(stored::add);
    Set<String> missing = new TreeSet<>(acknowledged.get(user));
    missing.removeAll(stored);
    assertEquals(Set.of(), missing, "of " + acknowledged.get(user).size());
    assertTrue(acknowledged.get(user).size() > 10, "too little happened");
  }
}

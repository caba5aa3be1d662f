package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.TopicPlan;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two approval services: whoever gets the next request knows what was settled in the last one. */
@Tag("full")
@Timeout(1000)
@ExtendWith(SystemFixture.Provider.class)
class ReplicasIT {
  private static final int LANES = 8;

  private final SystemFixture system;

  ReplicasIT(SystemFixture system) {
    this.system = system;
  }

  @Test
  void alwaysAndAtOnceAgainNeverPrompts() throws Exception {
    withTwoReplicas(300);
  }

  @Test
  @Tag("exhaustive")
  void alwaysAndAtOnceAgainNeverPromptsAThousandTimes() throws Exception {
    withTwoReplicas(1000);
  }

  private void withTwoReplicas(int times) throws Exception {
    Child second = system.startReplica(ServiceName.APPROVAL, Map.of());
    try {
      awaitBothAtWork();
      alwaysAndAtOnceAgain(times);
    } finally {
      second.stop(Duration.ofSeconds(20));
    }
  }

  @Test
  void norWhileTheDocumentsAreNotBeingConsumed() throws Exception {
    Child second = system.startReplica(ServiceName.APPROVAL, Map.of());
    try {
      awaitBothAtWork();
      // Whoever takes documents over writes here first.
      try (HeldLock lock =
          HeldLock.onRows(
              system.approvalDatabase(),
              "SELECT 1 FROM projection_offset WHERE topic = '%s'"
                  .formatted(Topics.OVERRIDE_DOCUMENTS))) {
        long consumed = consumed();
        long before = published();
        alwaysAndAtOnceAgain(100);
        lock.awaitWaiter("projection_offset");
        assertEquals(consumed, consumed());
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> published() >= before + LANES);
      }
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> consumed() == published());
    } finally {
      second.stop(Duration.ofSeconds(20));
    }
  }

  /** Each of the two replicas reads some partitions of the requests. */
  private void awaitBothAtWork() {
    try (Admin admin = admin()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  admin
                          .describeConsumerGroups(List.of("approval-service.requests"))
                          .all()
                          .get()
                          .values()
                          .stream()
                          .flatMap(group -> group.members().stream())
                          .filter(
                              member ->
                                  member.assignment().topicPartitions().stream()
                                      .anyMatch(p -> p.topic().equals(Topics.REQUESTS)))
                          .count()
                      == 2);
    }
  }

  private void alwaysAndAtOnceAgain(int times) throws Exception {
    ExecutorService lanes = Executors.newFixedThreadPool(LANES);
    try {
      List<Future<Integer>> running = new ArrayList<>();
      for (int lane = 0; lane < LANES; lane++) {
        int number = lane;
        running.add(
            lanes.submit(() -> lane(number, times / LANES + (number < times % LANES ? 1 : 0))));
      }
      int done = 0;
      for (Future<Integer> lane : running) {
        done += lane.get(900, TimeUnit.SECONDS);
      }
      assertEquals(times, done);
    } finally {
      lanes.shutdownNow();
    }
  }

  /** One user, one session in every partition, one thing settled after another. */
  private int lane(int number, int times) {
    List<Agent> agents = system.newAgentsOnEveryPartition();
    for (int i = 0; i < times; i++) {
      Agent asking = agents.get(i % agents.size());
      Agent other = agents.get((i + TopicPlan.PARTITIONS / 2) % agents.size());
      String command = "make deploy-" + number + "-" + i;
      String id = system.newId();
      Agent.Status asked = asking.ask(id, bash(command));
      assertNotNull(asked.promptId(), asked::toString);
      CompletableFuture<Void> heard =
          CompletableFuture.supplyAsync(() -> asking.read(id, 30))
              .thenAccept(
                  status -> {
                    assertEquals(DecidedBy.USER, status.decision().decidedBy(), status::toString);
                    assertSettled(asking, command);
                  });
      asking.answer(asked.promptId(), PromptOption.Kind.ALLOW_ALWAYS).orThrow();
      heard.join();
      assertSettled(other, command);
    }
    return times;
  }

  private void assertSettled(Agent agent, String command) {
    Agent.Status again = agent.ask(system.newId(), bash(command));
    assertNotNull(again.decision(), "it prompted");
    assertEquals(DecidedBy.OVERRIDE, again.decision().decidedBy());
  }

  /** How far the projection holds the documents, summed over the partitions. */
  private long consumed() throws SQLException {
    try (Connection connection = system.approvalDatabase();
        Statement statement = connection.createStatement();
        ResultSet sum =
            statement.executeQuery(
                "SELECT sum(next_offset) FROM projection_offset WHERE topic = '%s'"
                    .formatted(Topics.OVERRIDE_DOCUMENTS))) {
      assertTrue(sum.next());
      return sum.getLong(1);
    }
  }

  private long published() throws Exception {
    Map<TopicPartition, OffsetSpec> partitions = new java.util.HashMap<>();
    for (int i = 0; i < TopicPlan.PARTITIONS; i++) {
      partitions.put(new TopicPartition(Topics.OVERRIDE_DOCUMENTS, i), OffsetSpec.latest());
    }
    try (Admin admin = admin()) {
      return admin.listOffsets(partitions).all().get().values().stream()
          .mapToLong(end -> end.offset())
          .sum();
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", system.stack().bootstrapServers()));
  }
}

package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.countersign.embedded.Database;
import dev.countersign.embedded.TopicSetup;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.TopicPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The topic of documents is lost, or the store's database is set back to a backup: what the store's
 * database says is soon in the topic and in force, and nobody does anything for it.
 */
@Tag("full")
@Timeout(400)
@ExtendWith(SystemFixture.Provider.class)
class RebuildIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(20);

  private final SystemFixture system;
  private final StoreClient store;

  RebuildIT(SystemFixture system) {
    this.system = system;
    this.store = new StoreClient(system.stack().keys());
  }

  @Test
  void aTopicMadeAnewIsFilledAndReadFromItsBeginning() throws Exception {
    Agent first = system.newAgent();
    Agent other = system.newAgent();
    while (partition(other) != partition(first)) {
      other = system.newAgent();
    }
    set(first, "make first", "always");
    set(other, "make other", "always");
    awaitDecision(first, "make first", Effect.ALLOW);
    awaitDecision(other, "make other", Effect.ALLOW);
    long known = noted(partition(first));

    system.stack().service(ServiceName.APPROVAL).stop(STOP);
    system.stack().service(ServiceName.STORE).stop(STOP);
    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(Topics.OVERRIDE_DOCUMENTS)).all().get();
      Awaitility.await()
          .atMost(SOON)
          .until(() -> !admin.listTopics().names().get().contains(Topics.OVERRIDE_DOCUMENTS));
    }
    TopicSetup.createAll(system.stack().bootstrapServers());
    system.startAgain(ServiceName.STORE);
    // The new topic grows past the offset up to which the old one was known.
    set(first, "make first", "never");
    awaitPublished(first);
    for (long i = 0; i <= known; i++) {
      set(other, "make other-" + i, "always");
      awaitPublished(other);
    }
    system.startAgain(ServiceName.APPROVAL);

    assertDecision(first, "make first", Effect.DENY);
    assertDecision(other, "make other", Effect.ALLOW);
    assertDecision(other, "make other-" + known, Effect.ALLOW);
  }

  @Test
  void aDatabaseThatWasSetBackIsInForceAgain() throws Exception {
    Agent kept = system.newAgent();
    Agent changed = system.newAgent();
    Agent late = system.newAgent();
    set(kept, "make it", "always");
    set(changed, "make it", "always");
    awaitDecision(kept, "make it", Effect.ALLOW);
    awaitDecision(changed, "make it", Effect.ALLOW);
    system.stack().service(ServiceName.STORE).stop(STOP);
    asSuperuser("CREATE DATABASE backup TEMPLATE permissions");
    system.startAgain(ServiceName.STORE);
    set(changed, "make it", "never");
    set(changed, "make more", "always");
    set(late, "make it", "never");
    awaitDecision(changed, "make it", Effect.DENY);
    awaitDecision(late, "make it", Effect.DENY);

    system.stack().service(ServiceName.STORE).stop(STOP);
    asSuperuser("DROP DATABASE permissions");
    asSuperuser("ALTER DATABASE backup RENAME TO permissions");
    system.startAgain(ServiceName.STORE);

    awaitDecision(changed, "make it", Effect.ALLOW);
    awaitAsked(changed, "make more");
    awaitAsked(late, "make it");
    assertDecision(kept, "make it", Effect.ALLOW);
    // And what is settled from now on counts at once, although its versions were used before.
    set(changed, "make it", "never");
    set(late, "make it", "always");
    awaitDecision(changed, "make it", Effect.DENY);
    awaitDecision(late, "make it", Effect.ALLOW);
    awaitEqual(changed, late, kept);
  }

  @Test
  void anEmptiedProjectionIsBuiltAgainBeforeAnythingIsDecided() throws Exception {
    Agent agent = system.newAgent();
    set(agent, "make it", "never");
    awaitDecision(agent, "make it", Effect.DENY);
    system.stack().service(ServiceName.APPROVAL).stop(STOP);
    try (Connection approval = system.approvalDatabase();
        Statement statement = approval.createStatement()) {
      statement.execute("truncate override_projection, projection_offset, projection_topic");
    }

    system.startAgain(ServiceName.APPROVAL);

    assertDecision(agent, "make it", Effect.DENY);
    awaitEqual(agent);
  }

  private void set(Agent agent, String resource, String level) throws IOException {
    StoreClient.Answer answer =
        store.set(system.stack().ports().store(), agent.user(), resource, level, system.newId());
    assertEquals(200, answer.status(), answer::toString);
  }

  private void awaitDecision(Agent agent, String command, Effect effect) {
    Awaitility.await().atMost(SOON).untilAsserted(() -> assertDecision(agent, command, effect));
  }

  private void awaitAsked(Agent agent, String command) {
    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertNull(agent.ask(system.newId(), bash(command)).decision(), command));
  }

  private void assertDecision(Agent agent, String command, Effect effect) {
    Agent.Status status = agent.ask(system.newId(), bash(command));
    assertNotNull(status.decision(), () -> agent.user() + " was asked about " + command);
    assertEquals(effect, status.decision().effect(), status::toString);
    assertEquals(DecidedBy.OVERRIDE, status.decision().decidedBy(), status::toString);
  }

  private static int partition(Agent agent) {
    return BuiltInPartitioner.partitionForKey(
        agent.user().getBytes(StandardCharsets.UTF_8), TopicPlan.PARTITIONS);
  }

  private long noted(int partition) throws SQLException {
    try (Connection connection = system.approvalDatabase()) {
      return number(
          connection,
          "SELECT next_offset FROM projection_offset WHERE topic = '%s' AND partition = %d"
              .formatted(Topics.OVERRIDE_DOCUMENTS, partition));
    }
  }

  private void awaitPublished(Agent agent) throws SQLException {
    try (Connection connection = system.storeDatabase()) {
      Awaitility.await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () ->
                  number(
                          connection,
                          "SELECT version - published_version FROM user_permissions"
                              + " WHERE user_id = '%s'".formatted(agent.user()))
                      == 0);
    }
  }

  /** Database, topic and projection say the same of these users. */
  private void awaitEqual(Agent... agents) throws SQLException {
    try (Connection stored = system.storeDatabase();
        Connection projected = system.approvalDatabase();
        LatestDocuments topic = new LatestDocuments(system.stack().bootstrapServers())) {
      for (Agent agent : agents) {
        Awaitility.await()
            .atMost(SOON)
            .untilAsserted(
                () -> {
                  long version = version(stored, "user_permissions", agent);
                  assertEquals(version, topic.read().get(agent.user()).version());
                  assertEquals(version, version(projected, "override_projection", agent));
                });
      }
    }
  }

  private static long version(Connection connection, String table, Agent agent)
      throws SQLException {
    return number(
        connection, "SELECT version FROM %s WHERE user_id = '%s'".formatted(table, agent.user()));
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  private void asSuperuser(String sql) throws SQLException {
    Database database = system.stack().postgres().superuser();
    try (Connection connection =
            DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", system.stack().bootstrapServers()));
  }
}

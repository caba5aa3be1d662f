package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.KafkaBroker;
import dev.countersign.protocol.Topics;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wrong around a service and may become right keeps it from being ready, in one line. */
@Timeout(600)
@ExtendWith(SystemFixture.Provider.class)
class NotReadyIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final SystemFixture system;

  NotReadyIT(SystemFixture system) {
    this.system = system;
  }

  /** Waits until one check of a replica is down for this reason; the log says it in one line. */
  private static void assertNotReady(Replica replica, String check, String reason) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertEquals(reason, replica.reason(check)));
    List<String> lines =
        replica.log().lines().filter(line -> line.contains("Not ready: ")).toList();
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.get(0).endsWith("Not ready: " + reason), lines::toString);
  }

  @ParameterizedTest
  @EnumSource(names = {"STORE", "APPROVAL"})
  void aTopicWithAWrongSettingIsNamedUntilItIsRight(ServiceName service) throws Exception {
    setRetention(604_800_000);
    Replica replica = Replica.start(system, service, Map.of());
    try {
      assertNotReady(
          replica,
          "topics",
          "the topic dead-letters has retention.ms=604800000 and must have at least 2592000000");
      setRetention(2_592_000_000L);
      system.stack().awaitReady(replica.child(), replica.port());
    } finally {
      setRetention(2_592_000_000L);
      replica.stop();
      for (ServiceName every : ServiceName.values()) {
        system.stack().awaitReady(every);
      }
    }
  }

  /** Every replica sees it at the same time; were they not ready then, nobody would be served. */
  @ParameterizedTest
  @EnumSource(names = "STORE")
  void aRetentionThatIsShortenedLaterIsSaidByServicesThatStayReady(ServiceName service)
      throws Exception {
    Replica replica = Replica.start(system, service, Map.of());
    try {
      system.stack().awaitReady(replica.child(), replica.port());
      setRetention(604_800_000);
      String reason =
          "the topic dead-letters has retention.ms=604800000 and must have at least 2592000000";
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertEquals(reason, replica.reason("topics")));
      assertEquals(200, Replica.get(replica.port(), "/q/health/ready").statusCode());
      List<String> lines = replica.log().lines().filter(line -> line.contains(reason)).toList();
      assertEquals(1, lines.size(), lines::toString);
      assertTrue(lines.get(0).endsWith("Ready, but wrong: " + reason), lines::toString);
      setRetention(2_592_000_000L);
      Awaitility.await().atMost(PATIENCE).until(() -> replica.reason("topics").isEmpty());
    } finally {
      setRetention(2_592_000_000L);
      replica.stop();
    }
  }

  private void setRetention(long millis) throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.DEAD_LETTERS);
    ConfigEntry retention = new ConfigEntry("retention.ms", String.valueOf(millis));
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", system.stack().bootstrapServers()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(topic, List.of(new AlterConfigOp(retention, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  /** The gateway keeps nothing, so it may see a broker of its own. */
  @ParameterizedTest
  @EnumSource(names = "GATEWAY")
  void topicsThatAreMissingOrTooSmallAreNamed(ServiceName service) throws Exception {
    try (KafkaBroker broker = KafkaBroker.startTemporary()) {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        List<NewTopic> topics =
            Topics.ALL.stream()
                .filter(topic -> !topic.equals(Topics.INBOX))
                .map(topic -> new NewTopic(topic, topic.equals(Topics.REPLIES) ? 1 : 6, (short) 1))
                .map(topic -> topic.configs(wrong(topic.name())))
                .toList();
        admin.createTopics(topics).all().get();
      }
      Replica replica =
          Replica.start(
              system, service, Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()));
      try {
        assertNotReady(
            replica,
            "topics",
            "the topic permission.requests has message.timestamp.type=CreateTime and must have"
                + " LogAppendTime; the topic permission.replies has 1 partitions and must have at"
                + " least 6; the topic inbox.events is missing: create it with 6 partitions and"
                + " cleanup.policy=delete, max.message.bytes=4194304,"
                + " message.timestamp.type=LogAppendTime, retention.ms=86400000");
      } finally {
        replica.stop();
      }
    }
  }

  private static Map<String, String> wrong(String topic) {
    return Map.of(
        "message.timestamp.type",
        topic.equals(Topics.REQUESTS) ? "CreateTime" : "LogAppendTime",
        "max.message.bytes",
        "8388608");
  }

  /** The database of this process alone says another time: a function of the same name is found. */
  @ParameterizedTest
  @EnumSource(names = {"STORE", "APPROVAL"})
  void aClockThatIsOffFromPostgresIsSaid(ServiceName service) throws Exception {
    try (Connection database = PreflightIT.database(system, service);
        Statement statement = database.createStatement()) {
      statement.execute("CREATE SCHEMA later");
      statement.execute(
          "CREATE FUNCTION later.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
              + " $$ SELECT pg_catalog.clock_timestamp() + interval '10000 seconds' $$");
      String url =
          (service == ServiceName.STORE
                  ? system.stack().postgres().permissions()
                  : system.stack().postgres().approval())
              .reactiveUrl();
      Replica replica =
          Replica.start(
              system,
              service,
              Map.of(
                  "QUARKUS_DATASOURCE_REACTIVE_URL",
                  url + "?search_path=later%2Cpg_catalog%2Cpublic"));
      try {
        assertOff(replica, "behind that of Postgres");
      } finally {
        replica.stop();
        statement.execute("DROP SCHEMA later CASCADE");
      }
    }
  }

  private static void assertOff(Replica replica, String whose) {
    Pattern off =
        Pattern.compile(
            "the clock of this machine is (9[0-9]{3}|10000) s "
                + whose
                + ", and may be 30 s off: keep both in step \\(NTP\\)");
    Awaitility.await().atMost(PATIENCE).until(() -> off.matcher(replica.reason("clock")).matches());
    String reason = replica.reason("clock");
    assertNotReady(replica, "clock", reason);
  }

  @ParameterizedTest
  @EnumSource(names = "GATEWAY")
  void aClockThatIsOffFromTheServicesIsSaid(ServiceName service) throws Exception {
    try (OtherTime other = new OtherTime(Duration.ofSeconds(-10_000))) {
      Replica replica =
          Replica.start(
              system,
              service,
              Map.of(
                  "COUNTERSIGN_APPROVAL_URL", other.url(), "COUNTERSIGN_STORE_URL", other.url()));
      try {
        assertOff(replica, "ahead of that of the (approval service|permission store)");
      } finally {
        replica.stop();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyServiceSaysWhatTimeItIs(ServiceName service) throws IOException {
    int port = system.stack().ports().http(service);
    Instant before = Instant.now().minusSeconds(2);
    String date = Replica.get(port, "/q/health/live").headers().firstValue("Date").orElseThrow();
    Instant said = OtherTime.parse(date);
    assertTrue(said.isAfter(before) && said.isBefore(Instant.now().plusSeconds(1)), date);
  }
}

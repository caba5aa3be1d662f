package dev.countersign.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.AclRule;
import dev.countersign.protocol.kafka.KafkaUser;
import dev.countersign.protocol.kafka.TopicPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who logs in to a secured broker does what the declared rules say, and nothing else. */
@Timeout(300)
class SecuredBrokerTest {
  private static final KafkaUser AGENT = KafkaUser.ofAgent("kcat");
  private static final KafkaUser OPERATOR = KafkaUser.ofOperator("ops");
  private static final List<KafkaUser> USERS =
      List.of(
          KafkaUser.AGENT_GATEWAY,
          KafkaUser.APPROVAL_SERVICE,
          KafkaUser.PERMISSION_STORE,
          AGENT,
          OPERATOR);

  @TempDir static Path dir;

  private static int port;
  private static int controllerPort;
  private static BrokerSecurity security;
  private static KafkaBroker broker;

  @BeforeAll
  static void start() {
    security = BrokerSecurity.in(dir.resolve("security"));
    port = FreePorts.next();
    controllerPort = FreePorts.next();
    broker = started();
    TopicSetup.createAll(with(security.admin()));
    TopicSetup.createReplyTopic(with(security.admin()), "kcat");
    TopicSetup.createReplyTopic(with(security.admin()), "other");
    security.admit(broker.bootstrapServers(), USERS);
  }

  private static KafkaBroker started() {
    return KafkaBroker.start(
        BrokerSettings.secured(dir.resolve("data"), port, controllerPort, security));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static Map<String, Object> with(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", "127.0.0.1:" + port);
    return all;
  }

  @Test
  void eachUserWritesAndReadsWhatItsRulesSayAndNothingElse() throws Exception {
    List<String> topics = new ArrayList<>(Topics.ALL);
    topics.add(Topics.replies("kcat"));
    topics.add(Topics.replies("other"));
    List<String> wrong = new ArrayList<>();
    for (KafkaUser user : USERS) {
      try (KafkaProducer<String, String> producer = producer(user);
          KafkaConsumer<String, String> consumer = consumer(user, null)) {
        for (String topic : topics) {
          if (writes(producer, topic) != user.mayWrite(topic)) {
            wrong.add(user.name() + " writes " + topic);
          }
          if (reads(consumer, topic) != user.mayRead(topic)) {
            wrong.add(user.name() + " reads " + topic);
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void eachUserJoinsItsOwnGroupsAlone() {
    List<String> groups =
        List.of(
            "approval-service.requests",
            "approval-service.answers",
            "approval-service.session-commands",
            "approval-service.override-replies",
            "approval-service",
            "permission-store",
            "permission-store-2",
            "agent-gateway-1-permission-replies",
            "agent-gateway",
            "kcat/one",
            "kcat.two/one",
            "ops/audit",
            "anything");
    List<String> wrong = new ArrayList<>();
    for (KafkaUser user : USERS) {
      for (String group : groups) {
        if (joins(user, group) != user.mayJoin(group)) {
          wrong.add(user.name() + " joins " + group);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void nobodyMakesOrRemovesTopicsOrRules() {
    for (KafkaUser user : USERS) {
      try (Admin admin = Admin.create(with(security.client(user.name())))) {
        var made =
            admin.createTopics(List.of(new NewTopic(user.name() + ".own", 1, (short) 1))).all();
        assertRefused(made);
        assertRefused(admin.deleteTopics(List.of(Topics.RECEIPTS)).all());
        assertRefused(admin.describeAcls(AclBindingFilter.ANY).values());
      }
    }
  }

  private static void assertRefused(KafkaFuture<?> asked) {
    ExecutionException refusal = assertThrows(ExecutionException.class, asked::get);
    assertInstanceOf(AuthorizationException.class, refusal.getCause());
  }

  @Test
  void whoDoesNotLogInIsNotHeard() {
    Map<String, Object> plain = Map.of("bootstrap.servers", broker.bootstrapServers());
    assertNotHeard(plain, TimeoutException.class);
    Map<String, Object> wrongPassword = with(security.client("kcat"));
    wrongPassword.computeIfPresent(
        "sasl.jaas.config", (name, login) -> login.toString().replaceAll("password=\"..", "$0x"));
    assertNotHeard(wrongPassword, SaslAuthenticationException.class);
    Map<String, Object> stranger = with(BrokerSecurity.in(dir.resolve("other")).client("kcat"));
    stranger.put("ssl.truststore.location", security.client("kcat").get("ssl.truststore.location"));
    assertNotHeard(stranger, SaslAuthenticationException.class);
  }

  /** Else one who listens on the port would be told everything. */
  @Test
  void aBrokerThatCannotProveItselfIsTalkedToByNobody() {
    Map<String, Object> misled = with(security.client("kcat"));
    misled.put(
        "ssl.truststore.location",
        BrokerSecurity.in(dir.resolve("other")).client("kcat").get("ssl.truststore.location"));
    assertNotHeard(misled, KafkaException.class);
  }

  @Test
  void theControllerTakesNobodyWithoutTheBrokersKey() {
    Map<String, Object> settings = new HashMap<>(security.admin());
    settings.put("security.protocol", "SSL");
    settings.put("bootstrap.controllers", "127.0.0.1:" + controllerPort);
    assertNotHeard(settings, KafkaException.class);
  }

  private static void assertNotHeard(
      Map<String, Object> settings, Class<? extends Exception> refusal) {
    Map<String, Object> impatient = new HashMap<>(settings);
    impatient.put("request.timeout.ms", 3000);
    impatient.put("default.api.timeout.ms", 5000);
    try (Admin admin = Admin.create(impatient)) {
      ExecutionException failure =
          assertThrows(ExecutionException.class, () -> admin.describeCluster().clusterId().get());
      assertInstanceOf(refusal, failure.getCause());
    }
  }

  @Test
  void nobodyElseOfTheMachineReadsTheLogins() throws Exception {
    try (var files = Files.list(dir.resolve("security"))) {
      for (Path file : files.toList()) {
        assertEquals(
            "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
            file::toString);
      }
    }
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("security"))));
  }

  @Test
  void aRuleThatIsTakenAwayIsGoneAndTheLoginsStayAfterARestart() throws Exception {
    KafkaUser more =
        new KafkaUser(
            "changes",
            List.of(
                new AclRule(
                    AclRule.Resource.TOPIC,
                    AclRule.Pattern.LITERAL,
                    Topics.REQUESTS,
                    AclRule.Operation.WRITE)));
    security.admit(broker.bootstrapServers(), List.of(more));
    try (KafkaProducer<String, String> producer = producer(more)) {
      assertTrue(writes(producer, Topics.REQUESTS));
    }
    security.admit(broker.bootstrapServers(), List.of(new KafkaUser("changes", List.of())));
    broker.close();
    security = BrokerSecurity.in(dir.resolve("security"));
    broker = started();
    try (KafkaProducer<String, String> producer = producer(more);
        KafkaProducer<String, String> agent = producer(AGENT)) {
      assertEquals(false, writes(producer, Topics.REQUESTS));
      assertTrue(writes(agent, Topics.REQUESTS));
    }
  }

  private static KafkaProducer<String, String> producer(KafkaUser user) {
    Map<String, Object> settings = with(security.client(user.name()));
    settings.put("enable.idempotence", true);
    settings.put("acks", "all");
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  private static KafkaConsumer<String, String> consumer(KafkaUser user, String group) {
    Map<String, Object> settings = with(security.client(user.name()));
    settings.put("allow.auto.create.topics", false);
    settings.put("auto.offset.reset", "earliest");
    if (group != null) {
      settings.put("group.id", group);
    }
    return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }

  private static boolean writes(KafkaProducer<String, String> producer, String topic)
      throws Exception {
    try {
      producer.send(new ProducerRecord<>(topic, "key", "value")).get(60, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException e) {
      assertInstanceOf(AuthorizationException.class, e.getCause());
      return false;
    }
  }

  private static boolean reads(KafkaConsumer<String, String> consumer, String topic) {
    List<TopicPartition> all = new ArrayList<>();
    for (int partition = 0; partition < TopicPlan.PARTITIONS; partition++) {
      all.add(new TopicPartition(topic, partition));
    }
    try {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      consumer.endOffsets(all);
      consumer.poll(Duration.ofMillis(200));
      return true;
    } catch (AuthorizationException e) {
      return false;
    }
  }

  /** Whether the group's coordinator answers; who may not join is refused by it. */
  private static boolean joins(KafkaUser user, String group) {
    try (KafkaConsumer<String, String> consumer = consumer(user, group)) {
      consumer.committed(Set.of(new TopicPartition(Topics.REQUESTS, 0)));
      return true;
    } catch (GroupAuthorizationException e) {
      return false;
    } catch (TopicAuthorizationException e) {
      return true;
    }
  }
}

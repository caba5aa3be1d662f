package dev.countersign.embedded;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.Topics;
import dev.countersign.protocol.kafka.KafkaUser;
import dev.countersign.protocol.kafka.TopicPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who logs in to a secured broker does what the declared rules say, and nothing else. */
@Timeout(300)
class SecuredBrokerTest {
  private static final List<KafkaUser> USERS =
      List.of(
          KafkaUser.AGENT_GATEWAY,
          KafkaUser.APPROVAL_SERVICE,
          KafkaUser.PERMISSION_STORE,
          KafkaUser.ofAgent("kcat"),
          KafkaUser.ofOperator("ops"));

  private static final List<String> TOPICS = new ArrayList<>(Topics.ALL);

  @TempDir static Path dir;

  private static SecuredBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = SecuredBroker.start(dir);
    for (String client : List.of("kcat", "other")) {
      TopicSetup.createReplyTopic(broker.admin(), client);
      TOPICS.add(Topics.replies(client));
    }
    broker.admit(USERS.toArray(KafkaUser[]::new));
    try (KafkaProducer<String, String> producer = broker.producer(broker.admin())) {
      for (String topic : TOPICS) {
        producer.send(new ProducerRecord<>(topic, "key", "there to be read")).get();
      }
    }
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void eachUserWritesAndReadsWhatItsRulesSayAndNothingElse() throws Exception {
    for (KafkaUser user : USERS) {
      assertEquals(
          TOPICS.stream().filter(user::mayWrite).toList(),
          broker.mayWrite(user.name(), TOPICS),
          user.name() + " writes");
      assertEquals(
          TOPICS.stream().filter(user::mayRead).toList(),
          broker.mayRead(user.name(), TOPICS),
          user.name() + " reads");
    }
  }

  @Test
  void eachServiceReadsTheSettingsOfItsOwnTopicsAndNobodyElseOfAny() throws Exception {
    for (KafkaUser user : USERS) {
      List<String> described = new ArrayList<>();
      try (Admin admin = Admin.create(broker.client(user.name()))) {
        for (String topic : TOPICS) {
          ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
          try {
            admin.describeConfigs(List.of(resource)).all().get();
            described.add(topic);
          } catch (ExecutionException e) {
            assertInstanceOf(AuthorizationException.class, e.getCause(), topic);
          }
        }
      }
      List<String> own =
          KafkaUser.SERVICES.contains(user)
              ? Topics.ALL.stream()
                  .filter(topic -> user.mayRead(topic) || user.mayWrite(topic))
                  .toList()
              : List.of();
      assertEquals(own, described, user.name());
      assertEquals(own, TOPICS.stream().filter(user::mayDescribeConfigs).toList(), user.name());
    }
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
            "kcat",
            "kcat/one",
            "kcat2",
            "ops",
            "ops/audit",
            "anything");
    List<String> wrong = new ArrayList<>();
    for (KafkaUser user : USERS) {
      String topic = TOPICS.stream().filter(user::mayRead).findFirst().orElseThrow();
      for (String group : groups) {
        if (broker.joins(user.name(), group, topic) != user.mayJoin(group)) {
          wrong.add(user.name() + " joins " + group);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  /** Tried on what the user may write, where it may write something. */
  @Test
  void nobodyAdministersAnything() throws Exception {
    Map<String, Function<Admin, KafkaFuture<?>>> deeds = deeds();
    for (KafkaUser user : USERS) {
      try (Admin admin = Admin.create(broker.client(user.name()))) {
        deeds.forEach((name, deed) -> assertRefused(user.name() + " " + name, deed.apply(admin)));
      }
    }
    try (Admin admin = Admin.create(broker.admin())) {
      deeds.forEach((name, deed) -> assertDoesNotThrow(() -> deed.apply(admin).get(), name));
    }
    broker.admit(USERS.toArray(KafkaUser[]::new));
  }

  private static void assertRefused(String what, KafkaFuture<?> asked) {
    ExecutionException refusal = assertThrows(ExecutionException.class, asked::get, what);
    assertInstanceOf(AuthorizationException.class, refusal.getCause(), what);
  }

  /** In an order in which whoever may do everything can do them all. */
  private static Map<String, Function<Admin, KafkaFuture<?>>> deeds() {
    String own = "somebodys.own";
    ConfigResource requests = new ConfigResource(ConfigResource.Type.TOPIC, Topics.REQUESTS);
    ConfigEntry day =
        new ConfigEntry(
            "retention.ms", TopicPlan.of(Topics.REQUESTS).settings().get("retention.ms"));
    ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, "1");
    ConfigEntry limit = new ConfigEntry("max.connections", "300");
    TopicPartition partition = new TopicPartition(Topics.REQUESTS, 0);
    AclBinding rule =
        new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, Topics.RECEIPTS, PatternType.LITERAL),
            new AccessControlEntry("User:*", "*", AclOperation.ALL, AclPermissionType.ALLOW));
    ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
    Map<String, Function<Admin, KafkaFuture<?>>> deeds = new LinkedHashMap<>();
    deeds.put("makes a topic", a -> a.createTopics(List.of(new NewTopic(own, 1, (short) 1))).all());
    deeds.put(
        "adds partitions", a -> a.createPartitions(Map.of(own, NewPartitions.increaseTo(2))).all());
    deeds.put("sets a topic", a -> a.incrementalAlterConfigs(Map.of(requests, set(day))).all());
    deeds.put("sets the broker", a -> a.incrementalAlterConfigs(Map.of(node, set(limit))).all());
    deeds.put("reads the broker's settings", a -> a.describeConfigs(List.of(node)).all());
    deeds.put(
        "deletes records",
        a -> a.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(0))).all());
    deeds.put("makes rules", a -> a.createAcls(List.of(rule)).all());
    deeds.put("reads the rules", a -> a.describeAcls(AclBindingFilter.ANY).values());
    deeds.put("deletes rules", a -> a.deleteAcls(List.of(rule.toFilter())).all());
    deeds.put(
        "makes a login",
        a ->
            a.alterUserScramCredentials(
                    List.of(new UserScramCredentialUpsertion("somebody", scram, "password")))
                .all());
    deeds.put("reads who can log in", a -> a.describeUserScramCredentials().users());
    deeds.put(
        "takes a quota away",
        a ->
            a.alterClientQuotas(
                    List.of(
                        new ClientQuotaAlteration(
                            BrokerUsers.entity("kcat"),
                            List.of(new ClientQuotaAlteration.Op("producer_byte_rate", null)))))
                .all());
    deeds.put("reads the quotas", a -> a.describeClientQuotas(ClientQuotaFilter.all()).entities());
    deeds.put(
        "moves another's group",
        a ->
            a.alterConsumerGroupOffsets("another", Map.of(partition, new OffsetAndMetadata(0)))
                .all());
    deeds.put("deletes another's group", a -> a.deleteConsumerGroups(List.of("another")).all());
    deeds.put("deletes a topic", a -> a.deleteTopics(List.of(own)).all());
    return deeds;
  }

  private static List<AlterConfigOp> set(ConfigEntry entry) {
    return List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET));
  }

  @Test
  void theLoginsStayAfterARestart() throws Exception {
    broker.restart();
    assertTrue(broker.writes("kcat", Topics.REQUESTS));
  }
}

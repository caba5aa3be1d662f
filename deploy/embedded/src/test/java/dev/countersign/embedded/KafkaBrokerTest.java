package dev.countersign.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KafkaBrokerTest {
  @TempDir Path dir;

  @Test
  void whatWasAcknowledgedIsThereAfterARestart() throws Exception {
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (KafkaBroker broker = KafkaBroker.startOnFreePorts(dir)) {
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(dir)));
      TopicSetup.createAll(broker.bootstrapServers());
      TopicSetup.createAll(broker.bootstrapServers());
      produce(broker.bootstrapServers(), Topics.RECEIPTS, "first");
    }
    try (KafkaBroker broker = KafkaBroker.startOnFreePorts(dir)) {
      TopicSetup.createAll(broker.bootstrapServers());
      produce(broker.bootstrapServers(), Topics.RECEIPTS, "second");
      assertEquals(
          Set.of("first", "second"), values(broker.bootstrapServers(), Topics.RECEIPTS, 2));
    }
  }

  @Test
  void theBrokerStampsTheTimeAndCreatesNoTopicByItself() throws Exception {
    try (KafkaBroker broker = KafkaBroker.startOnFreePorts(dir)) {
      TopicSetup.createAll(broker.bootstrapServers());
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        assertEquals(new HashSet<>(Topics.ALL), new HashSet<>(admin.listTopics().names().get()));
        ConfigResource prompts = new ConfigResource(ConfigResource.Type.TOPIC, Topics.PROMPTS);
        var config = admin.describeConfigs(List.of(prompts)).all().get().get(prompts);
        assertEquals("compact", config.get("cleanup.policy").value());
        assertEquals("LogAppendTime", config.get("message.timestamp.type").value());
        assertEquals("4194304", config.get("max.message.bytes").value());
        ConfigResource documents =
            new ConfigResource(ConfigResource.Type.TOPIC, Topics.OVERRIDE_DOCUMENTS);
        assertEquals(
            "315360000000",
            admin
                .describeConfigs(List.of(documents))
                .all()
                .get()
                .get(documents)
                .get("delete.retention.ms")
                .value(),
            "the tombstone of an erased document outlasts the oldest backup");
      }
      Instant before = Instant.now().minusSeconds(1);
      try (var producer = producer(broker.bootstrapServers())) {
        ProducerRecord<String, String> old =
            new ProducerRecord<>(Topics.REQUESTS, null, 1L, "key", "value");
        assertTrue(producer.send(old).get().timestamp() > before.toEpochMilli());
      }
      try (var producer = producer(broker.bootstrapServers(), 1_000)) {
        Exception refused =
            assertThrows(
                Exception.class,
                () -> producer.send(new ProducerRecord<>("no.such.topic", "value")).get());
        assertTrue(
            refused.getCause() instanceof UnknownTopicOrPartitionException
                || refused.getCause() instanceof org.apache.kafka.common.errors.TimeoutException,
            refused::toString);
      }
    }
  }

  @Test
  void aTopicOfAnEarlierReleaseGetsWhatThisOnePlans() throws Exception {
    try (KafkaBroker broker = KafkaBroker.startOnFreePorts(dir);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      Map<String, String> earlier =
          Map.of(
              "cleanup.policy", "compact",
              "message.timestamp.type", "CreateTime",
              "max.message.bytes", "9000000");
      NewTopic documents = new NewTopic(Topics.OVERRIDE_DOCUMENTS, 6, (short) 1).configs(earlier);
      admin.createTopics(List.of(documents)).all().get();
      TopicSetup.createAll(broker.bootstrapServers());
      ConfigResource topic =
          new ConfigResource(ConfigResource.Type.TOPIC, Topics.OVERRIDE_DOCUMENTS);
      // The broker hears of it from the controller.
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                var config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
                assertEquals("LogAppendTime", config.get("message.timestamp.type").value());
                assertEquals("315360000000", config.get("delete.retention.ms").value());
                assertEquals("9000000", config.get("max.message.bytes").value(), "made larger");
              });
    }
  }

  @Test
  void aClientBehindTheProxyStopsWhileTheLinkIsFrozen() throws Exception {
    try (TcpProxy proxy = TcpProxy.open();
        KafkaBroker broker = KafkaBroker.startTemporaryBehindProxy(proxy.port())) {
      proxy.leadTo(broker.proxiedPort());
      TopicSetup.createAll(broker.bootstrapServers());
      String behindProxy = "127.0.0.1:" + proxy.port();
      try (var producer = producer(behindProxy)) {
        producer.send(new ProducerRecord<>(Topics.REPLIES, "key", "before")).get();
        proxy.freeze();
        var frozen = producer.send(new ProducerRecord<>(Topics.REPLIES, "key", "during"));
        assertThrows(TimeoutException.class, () -> frozen.get(300, TimeUnit.MILLISECONDS));
        produce(broker.bootstrapServers(), Topics.REPLIES, "beside");
        proxy.resume();
        frozen.get(60, TimeUnit.SECONDS);
        proxy.cut();
        producer.send(new ProducerRecord<>(Topics.REPLIES, "key", "after")).get();
      }
      assertEquals(
          Set.of("before", "during", "beside", "after"), values(behindProxy, Topics.REPLIES, 4));
    }
  }

  /** Nobody logs in at the stack's broker: an ACL would hold for everybody, its services too. */
  @Test
  void nobodyCanMakeAnAclOnTheStacksBroker() throws Exception {
    int port = FreePorts.next();
    Process process =
        BrokerChild.start(
            List.of("-Xmx256m"),
            dir.resolve("data").toString(),
            String.valueOf(port),
            String.valueOf(FreePorts.next()));
    AclBinding nobody =
        new AclBinding(
            new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL),
            new AccessControlEntry("User:*", "*", AclOperation.ALL, AclPermissionType.DENY));
    Map<String, Object> config =
        Map.of("bootstrap.servers", "127.0.0.1:" + port, "default.api.timeout.ms", 100_000);
    try (Admin admin = Admin.create(config)) {
      admin.describeCluster().nodes().get();
      ExecutionException refused =
          assertThrows(
              ExecutionException.class, () -> admin.createAcls(List.of(nobody)).all().get());
      assertInstanceOf(SecurityDisabledException.class, refused.getCause());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aTakenPortIsAnErrorAndLeavesNothingRunning() throws Exception {
    try (KafkaBroker broker = KafkaBroker.startTemporary()) {
      int taken = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
      assertFalse(FreePorts.isFree(taken));
      BrokerSettings settings = new BrokerSettings(dir, taken, FreePorts.next(), null);
      Exception refused = assertThrows(Exception.class, () -> KafkaBroker.start(settings));
      assertTrue(refused.getMessage().contains("Address already in use"), refused::getMessage);
      assertTrue(FreePorts.isFree(settings.controllerPort()));
    }
  }

  private static KafkaProducer<String, String> producer(String bootstrap) {
    return producer(bootstrap, 60_000);
  }

  /** One that waits so long for a topic. */
  private static KafkaProducer<String, String> producer(String bootstrap, int millis) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", bootstrap, "max.block.ms", millis, "linger.ms", "0"),
        new StringSerializer(),
        new StringSerializer());
  }

  private static void produce(String bootstrap, String topic, String value)
      throws ExecutionException, InterruptedException {
    try (var producer = producer(bootstrap)) {
      producer.send(new ProducerRecord<>(topic, "key", value)).get();
    }
  }

  private static Set<String> values(String bootstrap, String topic, int count) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", bootstrap, "group.id", "test", "auto.offset.reset", "earliest");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      Set<String> values = new HashSet<>();
      for (long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
          values.size() < count && System.nanoTime() < deadline; ) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          values.add(record.value());
        }
      }
      return values;
    }
  }
}

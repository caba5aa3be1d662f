package dev.countersign.embedded;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.countersign.protocol.kafka.KafkaUser;
import dev.countersign.protocol.kafka.TopicPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;

/** A broker that takes only who logs in, with every topic, and what its users try with it. */
final class SecuredBroker implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final int port = FreePorts.next();
  final int controllerPort = FreePorts.next();
  private final Path dir;
  private BrokerSecurity security;
  private KafkaBroker broker;
  private Process process;

  private SecuredBroker(Path dir) {
    this.dir = dir;
    this.security = BrokerSecurity.in(securityFolder());
  }

  /** In this JVM. */
  static SecuredBroker start(Path dir) {
    SecuredBroker started = new SecuredBroker(dir);
    started.run();
    TopicSetup.createAll(started.admin());
    return started;
  }

  /**
   * In a JVM of its own.
   *
   * @param options of that JVM
   */
  static SecuredBroker startProcess(Path dir, List<String> options) throws IOException {
    SecuredBroker started = new SecuredBroker(dir);
    started.process =
        BrokerChild.start(
            options,
            dir.resolve("data").toString(),
            String.valueOf(started.port),
            String.valueOf(started.controllerPort),
            started.securityFolder().toString());
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> !started.isAlive() || !FreePorts.isFree(started.port));
      TopicSetup.createAll(started.admin());
      return started;
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
  }

  private void run() {
    broker =
        KafkaBroker.start(
            BrokerSettings.secured(dir.resolve("data"), port, controllerPort, security));
  }

  void restart() {
    broker.close();
    security = BrokerSecurity.in(securityFolder());
    run();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  Path securityFolder() {
    return dir.resolve("security");
  }

  BrokerSecurity security() {
    return security;
  }

  void admit(KafkaUser... users) {
    security.admit(admin(), List.of(users));
  }

  /** Whoever may do everything. */
  Map<String, Object> admin() {
    return at(security.admin());
  }

  Map<String, Object> client(String user) {
    return at(security.client(user));
  }

  /** At this broker. */
  Map<String, Object> at(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", "127.0.0.1:" + port);
    return all;
  }

  KafkaProducer<String, String> producer(Map<String, Object> client) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("enable.idempotence", true);
    settings.put("acks", "all");
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  private KafkaConsumer<String, String> consumer(String user, String group) {
    Map<String, Object> settings = client(user);
    settings.put("allow.auto.create.topics", false);
    settings.put("auto.offset.reset", "earliest");
    if (group != null) {
      settings.put("group.id", group);
    }
    return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }

  boolean writes(String user, String topic) throws Exception {
    return !mayWrite(user, List.of(topic)).isEmpty();
  }

  /** To which of the topics the user writes; the others refuse it. */
  List<String> mayWrite(String user, List<String> topics) throws Exception {
    List<String> written = new ArrayList<>();
    try (KafkaProducer<String, String> producer = producer(client(user))) {
      for (String topic : topics) {
        if (writes(producer, topic)) {
          written.add(topic);
        }
      }
    }
    return written;
  }

  private static boolean writes(KafkaProducer<String, String> producer, String topic)
      throws Exception {
    try {
      producer
          .send(new ProducerRecord<>(topic, "key", "value"))
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException e) {
      assertInstanceOf(AuthorizationException.class, e.getCause());
      return false;
    }
  }

  /** From which of the topics, which all hold records, one comes to the user. */
  List<String> mayRead(String user, List<String> topics) {
    try (KafkaConsumer<String, String> consumer = consumer(user, null)) {
      return topics.stream().filter(topic -> reads(consumer, topic)).toList();
    }
  }

  /** Whether a record of the topic comes, or a refusal. */
  private static boolean reads(KafkaConsumer<String, String> consumer, String topic) {
    try {
      List<TopicPartition> all = new ArrayList<>();
      for (int partition = 0; partition < TopicPlan.PARTITIONS; partition++) {
        all.add(new TopicPartition(topic, partition));
      }
      consumer.assign(all);
      consumer.seekToBeginning(all);
      for (long end = deadline(); System.nanoTime() < end; ) {
        if (!consumer.poll(Duration.ofSeconds(1)).isEmpty()) {
          return true;
        }
      }
      throw new AssertionError("neither a record of " + topic + " comes nor a refusal");
    } catch (AuthorizationException e) {
      return false;
    }
  }

  /** Whether the user becomes a member of the group, to read a topic that it may read. */
  boolean joins(String user, String group, String topic) {
    try (KafkaConsumer<String, String> consumer = consumer(user, group)) {
      consumer.subscribe(List.of(topic));
      for (long end = deadline(); System.nanoTime() < end; ) {
        consumer.poll(Duration.ofMillis(100));
        if (!consumer.assignment().isEmpty()) {
          return true;
        }
      }
      throw new AssertionError(user + " is neither taken into " + group + " nor refused");
    } catch (GroupAuthorizationException e) {
      return false;
    }
  }

  /** Whether whoever reaches Kafka so is answered; the failure if not. */
  static Throwable refusal(Map<String, Object> settings) throws InterruptedException {
    Map<String, Object> impatient = new HashMap<>(settings);
    impatient.put("request.timeout.ms", 10_000);
    impatient.put("default.api.timeout.ms", 20_000);
    try (Admin admin = Admin.create(impatient)) {
      admin.describeCluster().clusterId().get();
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  private static long deadline() {
    return System.nanoTime() + PATIENCE.toNanos();
  }

  @Override
  public void close() {
    if (process == null) {
      broker.close();
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.countersign.approval.overrides;

import dev.countersign.approval.health.Progress;
import dev.countersign.approval.kafka.DeadLetters;
import dev.countersign.approval.kafka.Failures;
import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.kafka.KafkaSender;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.kafka.Source;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.approval.overrides.ProjectionStore.Topic;
import dev.countersign.approval.overrides.ProjectionStore.Version;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.StoreSignature;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenSigner;
import dev.countersign.protocol.token.TokenVerifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Keeps the projection up with {@code override.documents}.
 *
 * <p>Every replica reads all partitions, from where the database says the projection is: taking a
 * document over twice changes nothing, no rebalance ever stops the reading, and a database that was
 * restored replays by itself. A topic that was made anew is read from its beginning; until it has a
 * user's document, the one known before holds. What the permission store did not sign is
 * dead-lettered and changes nothing; what is signed with an unknown key is read again every 30
 * seconds, because the trust file may lack a new key of the store, and nothing is decided before a
 * service that has just started could prove it.
 */
@ApplicationScoped
public class DocumentProjector {
  /** How the health check names it. */
  public static final String NAME = "override projection";

  private static final Logger LOG = Logger.getLogger(DocumentProjector.class);
  private static final int API_TIMEOUT_MILLIS = 5000;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PARTITIONS_EVERY = Duration.ofSeconds(30);

  private final ProjectionStore store;
  private final KafkaSender sender;
  private final CaughtUp caughtUp;
  private final Kicks kicks;
  private final TokenVerifier verifier;
  private final TokenSigner signer;
  private final Progress progress;
  private final String bootstrap;
  private final Unproven unproven = new Unproven();

  public DocumentProjector(
      ProjectionStore store,
      KafkaSender sender,
      CaughtUp caughtUp,
      Kicks kicks,
      TokenVerifier verifier,
      TokenSigner signer,
      Progress progress,
      @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrap) {
    this.store = store;
    this.sender = sender;
    this.caughtUp = caughtUp;
    this.kicks = kicks;
    this.verifier = verifier;
    this.signer = signer;
    this.progress = progress;
    this.bootstrap = bootstrap;
  }

  /** Reads until told to stop, or until something fails; then it is called again. */
  public void follow(java.util.function.BooleanSupplier stopped) {
    try (Consumer<byte[], byte[]> consumer = consumer();
        Admin admin = admin()) {
      while (!stopped.getAsBoolean()) {
        Topic topic = topic(admin);
        if (store.follow(topic)) {
          LOG.infof("%s is a topic that was not read before", topic.name());
        }
        if (unproven.users() > 0) {
          LOG.errorf(
              "The documents of %d users are signed with a key that the trust file does not hold",
              unproven.users());
        }
        List<TopicPartition> partitions = assign(consumer);
        Map<Integer, Long> goal = ends(consumer, partitions);
        Instant again = Instant.now().plus(PARTITIONS_EVERY);
        Map<Integer, Long> noted = new HashMap<>();
        while (!stopped.getAsBoolean() && Instant.now().isBefore(again)) {
          advance(consumer, topic, partitions, noted);
          progress.advances(NAME);
          if (!caughtUp.isReached() && reached(goal)) {
            caughtUp.open();
          }
        }
      }
    }
  }

  private Consumer<byte[], byte[]> consumer() {
    Map<String, Object> config =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ConsumerConfig.CLIENT_ID_CONFIG,
            "approval-service.documents",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
            8 * 1024 * 1024,
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            API_TIMEOUT_MILLIS);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private Admin admin() {
    return Admin.create(
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            AdminClientConfig.CLIENT_ID_CONFIG,
            "approval-service.documents",
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            API_TIMEOUT_MILLIS,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
            API_TIMEOUT_MILLIS));
  }

  private static Topic topic(Admin admin) {
    String name = Topics.OVERRIDE_DOCUMENTS;
    try {
      return new Topic(
          name,
          admin.describeTopics(List.of(name)).allTopicNames().get().get(name).topicId().toString());
    } catch (ExecutionException e) {
      throw new IllegalStateException("the brokers do not say which topic " + name + " is", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private List<TopicPartition> assign(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.OVERRIDE_DOCUMENTS).stream()
            .map(p -> new TopicPartition(p.topic(), p.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new IllegalStateException("there is no topic " + Topics.OVERRIDE_DOCUMENTS);
    }
    consumer.assign(partitions);
    Map<Integer, Long> known = store.offsets(Topics.OVERRIDE_DOCUMENTS);
    Map<Integer, Long> ends = ends(consumer, partitions);
    unproven.readAgain();
    for (TopicPartition partition : partitions) {
      Long next = known.get(partition.partition());
      if (next != null && next <= ends.get(partition.partition())) {
        consumer.seek(partition, next);
      } else {
        store.forgetOffset(partition.topic(), partition.partition());
        consumer.seekToBeginning(List.of(partition));
      }
    }
    return partitions;
  }

  private static Map<Integer, Long> ends(
      Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
    Map<Integer, Long> ends = new HashMap<>();
    consumer.endOffsets(partitions).forEach((p, end) -> ends.put(p.partition(), end));
    return ends;
  }

  private boolean reached(Map<Integer, Long> goal) {
    Map<Integer, Long> offsets = store.offsets(Topics.OVERRIDE_DOCUMENTS);
    return goal.entrySet().stream()
        .allMatch(end -> offsets.getOrDefault(end.getKey(), -1L) >= end.getValue());
  }

  private void advance(
      Consumer<byte[], byte[]> consumer,
      Topic topic,
      List<TopicPartition> partitions,
      Map<Integer, Long> noted) {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    List<Read> documents = new ArrayList<>();
    List<Outgoing> unreadable = new ArrayList<>();
    Instant now = Instant.now();
    records.forEach(record -> read(InboundRecord.of(record, now), now, documents, unreadable));
    Map<Integer, Long> positions = new HashMap<>();
    partitions.forEach(p -> positions.put(p.partition(), consumer.position(p)));
    if (!positions.equals(noted)) {
      sender.sendAll(unreadable);
      takeOver(topic, documents, unproven.readTo(positions), now);
      noted.putAll(positions);
      if (!documents.isEmpty()) {
        kicks.somethingToJudge();
      }
    }
  }

  private record Read(InboundRecord record, Version version) {}

  /** Takes documents over, one by one where the database does not take them together. */
  private void takeOver(
      Topic topic, List<Read> documents, Map<Integer, Long> positions, Instant now) {
    try {
      store.advance(topic, documents.stream().map(Read::version).toList(), positions);
    } catch (RuntimeException e) {
      if (Failures.passing(e) || documents.isEmpty()) {
        throw e;
      }
      for (Read document : documents) {
        takeOver(topic, document, now);
      }
      store.advance(topic, List.of(), positions);
    }
  }

  private void takeOver(Topic topic, Read document, Instant now) {
    try {
      store.advance(topic, List.of(document.version()), Map.of());
    } catch (RuntimeException e) {
      if (Failures.passing(e)) {
        throw e;
      }
      LOG.errorf(e, "A document cannot be taken over: %s", Source.of(document.record()));
      sender.sendAll(
          List.of(DeadLetters.ofPerson(document.record(), signer, "invalid_document", now)));
    }
  }

  private void read(
      InboundRecord record, Instant now, List<Read> documents, List<Outgoing> unreadable) {
    try {
      StoreSignature.Settled d =
          StoreSignature.document(
              verifier, record.keyText(), record.value(), record::header, record.appendedAt());
      byte[] document = d.document() == null ? null : Json.write(d.document());
      Version version = new Version(d.tenant(), d.user(), d.version(), document, d.erasedVersion());
      documents.add(new Read(record, version));
      unproven.proven(record);
    } catch (TokenException e) {
      if (unproven.refused(record, e.code())) {
        unreadable.add(DeadLetters.ofPerson(record, signer, e.code(), now));
      }
    } catch (RuntimeException | StackOverflowError e) {
      unreadable.add(DeadLetters.ofPerson(record, signer, "malformed_json", now));
    }
  }
}

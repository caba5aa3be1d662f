package dev.countersign.approval.overrides;

import dev.countersign.approval.config.ApprovalConfig;
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
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Keeps the projection up with {@code override.documents}.
 *
 * <p>Every replica reads all partitions, from where the database says the projection is: taking a
 * document over twice changes nothing, no rebalance ever stops the reading, and a database that was
 * restored replays by itself. A topic that was made anew is read from its beginning; until it has a
 * user's document, the one known before holds. What the permission store did not sign is
 * dead-lettered and changes nothing; what is signed with an unknown key is read again with every
 * pass, because the trust file may lack a new key of the store, and nothing is decided before a
 * service that has just started could prove it.
 */
@ApplicationScoped
public class DocumentProjector {
  /** How the health check names it. */
  public static final String NAME = "override projection";

  private static final Logger LOG = Logger.getLogger(DocumentProjector.class);

  private final ProjectionStore store;
  private final KafkaSender sender;
  private final CaughtUp caughtUp;
  private final Kicks kicks;
  private final TokenVerifier verifier;
  private final TokenSigner signer;
  private final Progress progress;
  private final String bootstrap;
  private final Duration pass;
  private final Unproven unproven = new Unproven();

  public DocumentProjector(
      ProjectionStore store,
      KafkaSender sender,
      CaughtUp caughtUp,
      Kicks kicks,
      TokenVerifier verifier,
      TokenSigner signer,
      Progress progress,
      @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrap,
      ApprovalConfig config) {
    this.store = store;
    this.sender = sender;
    this.caughtUp = caughtUp;
    this.kicks = kicks;
    this.verifier = verifier;
    this.signer = signer;
    this.progress = progress;
    this.bootstrap = bootstrap;
    this.pass = config.documentsPass();
  }

  /** Reads until told to stop, or until something fails; then it is called again. */
  public void follow(BooleanSupplier stopped) {
    try (DocumentTopic documents = new DocumentTopic(bootstrap)) {
      while (!stopped.getAsBoolean()) {
        Topic topic = documents.present();
        if (store.follow(topic)) {
          LOG.infof("%s is a topic that was not read before", topic.name());
        }
        if (unproven.users() > 0) {
          LOG.errorf(
              "The documents of %d users are signed with a key that the trust file does not hold",
              unproven.users());
        }
        pass(documents, topic, stopped);
      }
    }
  }

  /**
   * Reads from where the topic counts as read to, for as long as a pass takes and at least to the
   * end that was seen, however long that takes: with less, what stands behind an unproven record
   * might never be read. A topic that was made anew has another end.
   */
  private void pass(DocumentTopic documents, Topic topic, BooleanSupplier stopped) {
    Map<Integer, Long> goal = assign(documents, topic);
    Map<Integer, Long> read = new HashMap<>();
    Instant again = Instant.now().plus(pass);
    while (!stopped.getAsBoolean()) {
      advance(documents, topic, read);
      progress.advances(NAME);
      if (!caughtUp.isReached() && reached(goal, store.offsets(topic.name()))) {
        caughtUp.open();
      }
      if (!Instant.now().isBefore(again)) {
        if (reached(goal, read) || !documents.present().equals(topic)) {
          return;
        }
        // What a broker lost after it said where the topic ends is not waited for.
        documents.ends().forEach((partition, end) -> goal.merge(partition, end, Math::min));
        again = Instant.now().plus(pass);
      }
    }
  }

  private Map<Integer, Long> assign(DocumentTopic documents, Topic topic) {
    Map<Integer, Long> ends = documents.assign();
    Map<Integer, Long> known = store.offsets(topic.name());
    unproven.readAgain(topic.id());
    ends.forEach(
        (partition, end) -> {
          Long next = known.get(partition);
          if (next != null && next <= end) {
            documents.seek(partition, next);
          } else {
            store.forgetOffset(topic.name(), partition);
          }
        });
    return new HashMap<>(ends);
  }

  private static boolean reached(Map<Integer, Long> goal, Map<Integer, Long> offsets) {
    return goal.entrySet().stream()
        .allMatch(end -> offsets.getOrDefault(end.getKey(), -1L) >= end.getValue());
  }

  private void advance(DocumentTopic topicRead, Topic topic, Map<Integer, Long> read) {
    ConsumerRecords<byte[], byte[]> records = topicRead.poll();
    List<Read> documents = new ArrayList<>();
    List<Outgoing> refused = new ArrayList<>();
    Instant now = Instant.now();
    records.forEach(record -> read(InboundRecord.of(record, now), now, documents, refused));
    Map<Integer, Long> positions = topicRead.positions();
    if (!positions.equals(read)) {
      tell(refused);
      Map<Integer, Long> to = unproven.readTo(positions);
      takeOver(topic, documents, to, now);
      unproven.passed(to);
      read.putAll(positions);
      if (!documents.isEmpty()) {
        kicks.somethingToJudge();
      }
    }
  }

  private void tell(List<Outgoing> refused) {
    sender.sendAll(refused);
    unproven.told();
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
      List<Outgoing> refused = new ArrayList<>();
      refuse(document.record(), "invalid_document", now, refused);
      tell(refused);
    }
  }

  private void read(
      InboundRecord record, Instant now, List<Read> documents, List<Outgoing> refused) {
    try {
      StoreSignature.Settled d =
          StoreSignature.document(
              verifier, record.keyText(), record.value(), record::header, record.appendedAt());
      byte[] document = d.document() == null ? null : Json.write(d.document());
      Version version = new Version(d.tenant(), d.user(), d.version(), document, d.erasure());
      documents.add(new Read(record, version));
      unproven.proven(record);
    } catch (TokenException e) {
      refuse(record, e.code(), now, refused);
    } catch (RuntimeException | StackOverflowError e) {
      refuse(record, "malformed_json", now, refused);
    }
  }

  private void refuse(InboundRecord record, String code, Instant now, List<Outgoing> refused) {
    if (unproven.refused(record, code)) {
      refused.add(DeadLetters.ofPerson(record, signer, code, now));
    }
  }
}

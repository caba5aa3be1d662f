package dev.countersign.approval.overrides;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.health.Progress;
import dev.countersign.approval.kafka.DeadLetters;
import dev.countersign.approval.kafka.Failures;
import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.kafka.KafkaSender;
import dev.countersign.approval.kafka.KafkaSettings;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jboss.logging.Logger;

/**
 * Keeps the projection up with {@code override.documents}.
 *
 * <p>Every replica reads all partitions, from where the database says the projection is: taking a
 * document over twice changes nothing, no rebalance ever stops the reading, and a database that was
 * restored replays by itself; one that was set back while this runs, by a standby that lagged and
 * took over, is noticed within seconds. A topic that was made anew is read from its beginning;
 * until it has a user's document, the one known before holds. What the permission store did not
 * sign is dead-lettered and changes nothing; what is signed with an unknown key is read again with
 * every pass, because the trust file may lack a new key of the store, and nothing is decided before
 * a service that has just started could prove it.
 */
@ApplicationScoped
public class DocumentProjector {
  /** How the health check names it. */
  public static final String NAME = "override projection";

  private static final Logger LOG = Logger.getLogger(DocumentProjector.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ProjectionStore store;
  private final KafkaSender sender;
  private final CaughtUp caughtUp;
  private final Kicks kicks;
  private final TokenVerifier verifier;
  private final TokenSigner signer;
  private final Progress progress;
  private final KafkaSettings kafka;
  private final Duration pass;
  private final Unproven unproven = new Unproven();
  private Reached noted;

  public DocumentProjector(
      ProjectionStore store,
      KafkaSender sender,
      CaughtUp caughtUp,
      Kicks kicks,
      TokenVerifier verifier,
      TokenSigner signer,
      Progress progress,
      KafkaSettings kafka,
      ApprovalConfig config) {
    this.store = store;
    this.sender = sender;
    this.caughtUp = caughtUp;
    this.kicks = kicks;
    this.verifier = verifier;
    this.signer = signer;
    this.progress = progress;
    this.kafka = kafka;
    this.pass = config.documentsPass();
  }

  /** Reads until told to stop, or until something fails; then it is called again. */
  public void follow(BooleanSupplier stopped) {
    try (DocumentTopic documents = new DocumentTopic(kafka)) {
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
    // Before the ends are asked for: another replica may go on meanwhile.
    noted = store.reached(topic.name());
    Map<Integer, Long> goal = documents.assign();
    begin(documents, topic, goal);
    Map<Integer, Long> read = new HashMap<>();
    Instant again = Instant.now().plus(pass);
    Instant look = Instant.now().plus(LOOK_EVERY);
    while (!stopped.getAsBoolean()) {
      boolean same = advance(documents, topic, read);
      if (Instant.now().isAfter(look)) {
        same = same && store.reached(topic.name()).continues(noted);
        look = Instant.now().plus(LOOK_EVERY);
      }
      if (!same) {
        LOG.warn("The database, or its topic, was set back; it is read from where it says");
        LockSupport.parkNanos(PAUSE.toNanos());
        return;
      }
      progress.advances(NAME);
      if (!caughtUp.isReached() && Reached.covers(store.reached(topic.name()).offsets(), goal)) {
        caughtUp.open();
      }
      if (!Instant.now().isBefore(again)) {
        if (Reached.covers(read, goal) || !documents.present().equals(topic)) {
          return;
        }
        // What a broker lost after it said where the topic ends is not waited for.
        documents.ends().forEach((partition, end) -> goal.merge(partition, end, Math::min));
        again = Instant.now().plus(pass);
      }
    }
  }

  /** Goes to where the projection is; where the topic ends before that, to its beginning. */
  private void begin(DocumentTopic documents, Topic topic, Map<Integer, Long> ends) {
    unproven.readAgain(topic.id());
    for (Map.Entry<Integer, Long> next : noted.offsets().entrySet()) {
      int partition = next.getKey();
      if (next.getValue() <= ends.getOrDefault(partition, -1L)) {
        documents.seek(partition, next.getValue());
      } else {
        store.forgetOffset(topic.name(), partition, next.getValue());
        noted = noted.without(partition);
      }
    }
  }

  /** False if the database does not know any more what it knew. */
  private boolean advance(DocumentTopic topicRead, Topic topic, Map<Integer, Long> read) {
    ConsumerRecords<byte[], byte[]> records = topicRead.poll();
    List<Read> documents = new ArrayList<>();
    List<Outgoing> refused = new ArrayList<>();
    Instant now = Instant.now();
    records.forEach(record -> read(InboundRecord.of(record, now), now, documents, refused));
    Map<Integer, Long> positions = topicRead.positions();
    if (positions.equals(read)) {
      return true;
    }
    tell(refused);
    Map<Integer, Long> to = unproven.readTo(positions);
    if (!takeOver(topic, documents, to, now)) {
      return false;
    }
    noted = noted.and(to);
    unproven.passed(to);
    read.putAll(positions);
    if (!documents.isEmpty()) {
      kicks.somethingToJudge();
    }
    return true;
  }

  private void tell(List<Outgoing> refused) {
    sender.sendAll(refused);
    unproven.told();
  }

  private record Read(InboundRecord record, Version version) {}

  /** Takes documents over, one by one where the database does not take them together. */
  private boolean takeOver(
      Topic topic, List<Read> documents, Map<Integer, Long> positions, Instant now) {
    try {
      return store.advance(topic, noted, documents.stream().map(Read::version).toList(), positions);
    } catch (RuntimeException e) {
      if (Failures.passing(e) || documents.isEmpty()) {
        throw e;
      }
      boolean same = true;
      for (Read document : documents) {
        same = same && takeOver(topic, document, now);
      }
      return same && store.advance(topic, noted, List.of(), positions);
    }
  }

  private boolean takeOver(Topic topic, Read document, Instant now) {
    try {
      return store.advance(topic, noted, List.of(document.version()), Map.of());
    } catch (RuntimeException e) {
      if (Failures.passing(e)) {
        throw e;
      }
      LOG.errorf(e, "A document cannot be taken over: %s", Source.of(document.record()));
      List<Outgoing> refused = new ArrayList<>();
      refuse(document.record(), "invalid_document", now, refused);
      tell(refused);
      return true;
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

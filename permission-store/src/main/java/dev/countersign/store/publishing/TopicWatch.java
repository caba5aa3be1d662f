package dev.countersign.store.publishing;

import dev.countersign.protocol.token.TokenVerifier;
import dev.countersign.store.OwnContext;
import dev.countersign.store.commands.FailureKind;
import dev.countersign.store.publishing.PublishedStore.Signing;
import dev.countersign.store.users.VersionLift;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Reads {@code override.documents} back, in a thread of its own, and mends what does not fit the
 * database. A topic that was made anew, or that lost records, gets every document again; so it does
 * when the store signs with another key. Where the topic knows more than the database, the database
 * was set back: it holds, and its documents get versions above those that were published. That may
 * happen while this runs: a standby that lagged takes over. Then it reads again from where that
 * database says. Where an older document, or a record that no store signed, stands last, the
 * present one is sent behind it.
 */
@ApplicationScoped
class TopicWatch {
  private static final Logger LOG = Logger.getLogger(TopicWatch.class);
  private static final long LOOK_AGAIN = Duration.ofSeconds(30).toNanos();
  private static final long NOTE_EVERY = Duration.ofSeconds(5).toNanos();
  private static final Duration LIFT = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final PublishedStore store;
  private final VersionLift lifts;
  private final DocumentPublisher publisher;
  private final OwnContext context;
  private final Signatures signatures;
  private final TokenVerifier verifier;
  private final Clock clock;
  private final Map<String, Object> broker;
  private final LastWords last = new LastWords();
  private final Thread thread = new Thread(this::run, "topic-watch");

  /** The renewal last seen with this replica's key; at first it says its key in any case. */
  private long ours = Long.MAX_VALUE;

  private volatile boolean stopped;

  TopicWatch(
      PublishedStore store,
      VersionLift lifts,
      DocumentPublisher publisher,
      OwnContext context,
      Signatures signatures,
      TokenVerifier verifier,
      Clock clock,
      @Identifier("default-kafka-broker") Map<String, Object> broker) {
    this.store = store;
    this.lifts = lifts;
    this.publisher = publisher;
    this.context = context;
    this.signatures = signatures;
    this.verifier = verifier;
    this.clock = clock;
    this.broker = broker;
  }

  void start(@Observes StartupEvent event) {
    thread.setDaemon(true);
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stopped = true;
    thread.join(Duration.ofSeconds(3).toMillis());
  }

  private void run() {
    while (!stopped) {
      try (DocumentsTopic topic = new DocumentsTopic(broker)) {
        watch(topic);
      } catch (RuntimeException e) {
        if (!stopped) {
          LOG.warnf("The topic cannot be compared with the database now: %s", e);
          pause();
        }
      }
    }
  }

  /** Returns when the topic, or the database, is not the same any more. */
  private void watch(DocumentsTopic topic) {
    String id = topic.id();
    Reached noted = begin(topic, id);
    Map<Integer, Long> start = topic.ends();
    boolean replaying = true;
    long lookAgain = System.nanoTime() + LOOK_AGAIN;
    long note = System.nanoTime();
    while (!stopped) {
      compare(topic, replaying);
      Map<Integer, Long> positions = topic.positions();
      boolean caughtUp =
          start.entrySet().stream()
              .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
      if (replaying && caughtUp || System.nanoTime() - note > NOTE_EVERY) {
        if (!positions.equals(noted.offsets())) {
          // What was heard before a noted position is never read again.
          heal(last.take());
        }
        if (!store.note(id, noted, positions)) {
          LOG.warn("The database, or its topic, is not the one that was compared; it begins anew");
          pause();
          return;
        }
        seeKey();
        noted = noted.at(positions);
        note = System.nanoTime();
      }
      replaying &= !caughtUp;
      if (System.nanoTime() - lookAgain > 0) {
        if (!topic.id().equals(id)) {
          return;
        }
        lookAgain = System.nanoTime() + LOOK_AGAIN;
      }
    }
  }

  /**
   * The replica that started last says which key it is: one with an older key never takes over. It
   * says it again to a database that was set back to before it said so.
   */
  private Reached begin(DocumentsTopic topic, String id) {
    boolean other = store.follow(id, signatures.keyId(), ours);
    seeKey();
    if (other) {
      LOG.info("The topic or the signing key is a new one; every document is published");
      publisher.kick();
    }
    Reached known = store.reached();
    Map<Integer, Long> ends = topic.ends();
    if (known.offsets().entrySet().stream()
        .anyMatch(o -> o.getValue() > ends.getOrDefault(o.getKey(), 0L))) {
      LOG.warn("The topic of documents lost records; every document is published to it again");
      store.forget();
      publisher.kick();
      known = known.at(Map.of());
    }
    topic.seek(known.offsets());
    return known;
  }

  private void seeKey() {
    ours = renewalOfOurs(ours, store.signing(), signatures.keyId());
  }

  /**
   * Up to which renewal this replica says its key again, from what it was and what is noted now.
   * Who has seen a newer key never does.
   */
  static long renewalOfOurs(long before, Signing now, String keyId) {
    if (before == Long.MAX_VALUE || now.keyId().equals(keyId)) {
      return now.renewal();
    }
    return now.renewal() > before ? 0 : before;
  }

  /**
   * What was already there at the start is compared word for word: after a restore, the same
   * version may have been given to another document.
   */
  private void compare(DocumentsTopic topic, boolean replaying) {
    List<Published> read = new ArrayList<>();
    topic.poll().forEach(record -> Published.of(record, verifier).ifPresent(read::add));
    last.hear(read);
    if (last.ripe(read.isEmpty())) {
      heal(last.take());
    }
    List<Published> ahead = store.ahead(Published.highest(read), replaying);
    for (Published published : ahead) {
      LOG.warnf(
          "Version %d of a document was published, and it or an erase that it tells of is not"
              + " known; the database was set back",
          published.version());
      lift(published);
    }
    if (!ahead.isEmpty()) {
      publisher.kick();
    }
  }

  /**
   * A version that cannot be lifted, such as the last one that a number can hold, stops no other.
   */
  private void lift(Published published) {
    try {
      context
          .run(
              () ->
                  lifts.lift(
                      published.user(), published.version(), published.erasure(), clock.instant()))
          .await()
          .atMost(LIFT);
    } catch (RuntimeException e) {
      if (FailureKind.of(e) == FailureKind.PASSING) {
        throw e;
      }
      LOG.errorf(e, "Version %d of a document is passed over", published.version());
    }
  }

  /** Whoever reads the topic from its beginning finds each user's last record, and no other. */
  private void heal(List<Published> last) {
    long covered = store.publishAgain(last);
    if (covered > 0) {
      LOG.warnf("%d documents are published again: something else stood behind them", covered);
      publisher.kick();
    }
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      stopped = true;
    }
  }
}

package dev.countersign.approval.requests;

import dev.countersign.approval.kafka.Batches;
import dev.countersign.approval.kafka.DeadLetters;
import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.approval.policies.PolicyBook;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.policies.SessionPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * The hot path: a batch of records is read, decided in memory and stored; what is to be sent comes
 * back. Running it again for the same batch stores nothing new and returns the stored outcomes.
 */
@ApplicationScoped
public class RequestBatch implements Batches.Work {
  private static final Logger LOG = Logger.getLogger(RequestBatch.class);

  private final RequestReader reader;
  private final PolicyBook book;
  private final RequestMessages messages;
  private final Cancels cancels;
  private final FinishedCalls finished;
  private final Decisions decisions;
  private final Kicks kicks;
  private final GivenUp givenUp;

  public RequestBatch(
      RequestReader reader,
      PolicyBook book,
      RequestMessages messages,
      Cancels cancels,
      FinishedCalls finished,
      Decisions decisions,
      Kicks kicks,
      GivenUp givenUp) {
    this.reader = reader;
    this.book = book;
    this.messages = messages;
    this.cancels = cancels;
    this.finished = finished;
    this.decisions = decisions;
    this.kicks = kicks;
    this.givenUp = givenUp;
  }

  @Override
  public List<Outgoing> giveUp(InboundRecord record, Instant now) {
    return givenUp.of(read(record), now);
  }

  @Override
  public List<Outgoing> handle(List<InboundRecord> records, Instant now) {
    List<Outgoing> out = new ArrayList<>();
    List<Reading.Ask> asks = new ArrayList<>();
    List<Reading.Cancel> before = new ArrayList<>();
    List<Reading.Cancel> after = new ArrayList<>();
    List<Reading.Finish> finishes = new ArrayList<>();
    for (InboundRecord record : records) {
      Reading reading = read(record);
      if (reading instanceof Reading.Unproven unproven) {
        out.add(DeadLetters.of(record, unproven.code(), now));
      } else if (reading instanceof Reading.Bad bad) {
        out.addAll(messages.refusal(bad, now));
      } else if (reading instanceof Reading.Ask ask) {
        asks.add(ask);
      } else if (reading instanceof Reading.Cancel cancel) {
        boolean follows = asks.stream().anyMatch(ask -> ask.key().equals(cancel.key()));
        (follows ? after : before).add(cancel);
      } else if (reading instanceof Reading.Finish finish) {
        finishes.add(finish);
      }
    }
    Map<SessionKey, SessionPolicy> policies = policies(asks, before, after);
    out.addAll(cancels.handle(before, policies, now));
    out.addAll(decisions.decide(asks, policies, now));
    out.addAll(cancels.handle(after, policies, now));
    out.addAll(finished.handle(finishes, now));
    if (!before.isEmpty() || !after.isEmpty()) {
      kicks.somethingToPublish();
    }
    return out;
  }

  private Reading read(InboundRecord record) {
    try {
      return reader.read(record);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.errorf(e, "A record of %s could not be read", record.topic());
      return new Reading.Unproven(record, "internal_error", "reading it failed");
    }
  }

  private Map<SessionKey, SessionPolicy> policies(
      List<Reading.Ask> asks, List<Reading.Cancel> before, List<Reading.Cancel> after) {
    List<SessionKey> sessions = new ArrayList<>();
    asks.forEach(ask -> sessions.add(ask.session()));
    before.forEach(cancel -> sessions.add(cancel.session()));
    after.forEach(cancel -> sessions.add(cancel.session()));
    return book.load(sessions);
  }
}

package dev.countersign.approval.kafka;

import dev.countersign.meters.RecordMeters;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jboss.logging.Logger;

/**
 * Works off what was polled so that no record costs another one anything. Infrastructure that is
 * unavailable makes a batch wait; whatever else fails is narrowed down to the one record, which is
 * given up. Returns once all that is to be sent is stored by the broker.
 */
@ApplicationScoped
public class Batches {
  private static final Logger LOG = Logger.getLogger(Batches.class);

  private final KafkaSender sender;
  private final Patience patience;
  private final RecordMeters meters;

  public Batches(KafkaSender sender, Patience patience, RecordMeters meters) {
    this.sender = sender;
    this.patience = patience;
    this.meters = meters;
  }

  /** What is done with records. It may be done again for the same ones, also for a part of them. */
  public interface Work {
    /** Stores what the records want, and returns what is to be sent. */
    List<Outgoing> handle(List<InboundRecord> records, Instant now);

    /**
     * Returns what is to be sent about a record that cannot be handled: the denial, if its sender
     * is proven, and a dead letter.
     */
    List<Outgoing> giveUp(InboundRecord record, Instant now);
  }

  /** The same for records that are handled one by one. */
  public interface Each extends Work {
    /** Stores what the record wants, and returns what is to be sent. */
    List<Outgoing> handle(InboundRecord record, Instant now);

    @Override
    default List<Outgoing> handle(List<InboundRecord> records, Instant now) {
      return records.stream().flatMap(record -> handle(record, now).stream()).toList();
    }
  }

  /**
   * Works off what was polled, one record after the other.
   *
   * @param what the channel
   */
  public void each(String what, ConsumerRecords<byte[], byte[]> polled, Each work) {
    Instant now = Instant.now();
    meters.polled(what, polled.count());
    polled.forEach(record -> work(what, List.of(InboundRecord.of(record, now)), work, now));
  }

  /**
   * Works off what was polled, all at once and in its order.
   *
   * @param what the channel
   * @throws StoppingException if the service stops before it is done
   */
  public void all(String what, List<InboundRecord> polled, Work work, Instant now) {
    meters.polled(what, polled.size());
    work(what, polled, work, now);
  }

  /** The same for a part of it. */
  void work(String what, List<InboundRecord> records, Work work, Instant now) {
    try {
      patience.untilDone(what, () -> send(work.handle(records, now)));
    } catch (StoppingException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      if (patience.stopping()) {
        // What fails now fails because everything is being closed.
        throw new StoppingException(what);
      }
      if (records.size() == 1) {
        LOG.errorf(e, "A record of %s cannot be handled: %s", what, Source.of(records.get(0)));
        giveUp(what, records.get(0), work, now);
        return;
      }
      int half = records.size() / 2;
      work(what, records.subList(0, half), work, now);
      work(what, records.subList(half, records.size()), work, now);
    }
  }

  private void giveUp(String what, InboundRecord record, Work work, Instant now) {
    try {
      patience.untilDone(what, () -> send(work.giveUp(record, now)));
    } catch (StoppingException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      LOG.errorf(e, "A record of %s cannot be answered: %s", what, Source.of(record));
      Outgoing letter = DeadLetters.of(record, "internal_error", now);
      patience.untilDone(what, () -> send(List.of(letter)));
    }
  }

  private Void send(List<Outgoing> records) {
    sender.sendAll(records);
    return null;
  }
}

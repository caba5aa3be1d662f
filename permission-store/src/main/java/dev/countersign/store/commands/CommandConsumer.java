package dev.countersign.store.commands;

import dev.countersign.meters.RecordMeters;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.store.StoreConfig;
import dev.countersign.store.Workers;
import dev.countersign.store.publishing.Outbound;
import dev.countersign.store.users.Replies;
import dev.countersign.store.users.WriteRequest;
import dev.countersign.store.users.Written;
import dev.countersign.store.writing.Writes;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Carries out override commands: one user's in the order of the topic, different users' side by
 * side. A record is acknowledged only after its reply or dead letter is on the brokers, so a crash
 * at any moment ends in the same command again, which gets the stored reply. While Kafka or
 * Postgres is away it waits and tries again; it never rejects a record.
 */
@ApplicationScoped
public class CommandConsumer {
  private static final Logger LOG = Logger.getLogger(CommandConsumer.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final int FAULTY_TRIES = 3;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final CommandReader reader;
  private final Writes writes;
  private final Outbound outbound;
  private final DeadLetters deadLetters;
  private final RecordMeters meters;
  private final StoreConfig config;
  private final Clock clock;

  CommandConsumer(
      CommandReader reader,
      Writes writes,
      Outbound outbound,
      DeadLetters deadLetters,
      RecordMeters meters,
      StoreConfig config,
      Clock clock) {
    this.reader = reader;
    this.writes = writes;
    this.outbound = outbound;
    this.deadLetters = deadLetters;
    this.meters = meters;
    this.config = config;
    this.clock = clock;
  }

  /** Handles one poll; the next one comes when this one is done. */
  @Incoming("override-commands")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  @SuppressWarnings("unchecked")
  public Uni<Void> consume(Message<List<byte[]>> batch) {
    IncomingKafkaRecordBatchMetadata<String, byte[]> metadata =
        batch.getMetadata(IncomingKafkaRecordBatchMetadata.class).orElseThrow();
    meters.polled("override-commands", metadata.getRecords().count());
    return Multi.createFrom()
        .iterable(byUser(metadata.getRecords()))
        .onItem()
        .transformToUni(this::inOrder)
        .merge(config.store().commandConcurrency())
        .collect()
        .last()
        .chain(() -> acknowledged(batch));
  }

  private static Uni<Void> acknowledged(Message<?> batch) {
    return Uni.createFrom()
        .completionStage(batch::ack)
        .onFailure()
        .recoverWithItem(
            failure -> {
              LOG.warnf("A commit was refused; its records come again: %s", failure);
              return null;
            });
  }

  private static Collection<List<ConsumerRecord<String, byte[]>>> byUser(
      Iterable<ConsumerRecord<String, byte[]>> records) {
    Map<String, List<ConsumerRecord<String, byte[]>>> users = new LinkedHashMap<>();
    records.forEach(r -> users.computeIfAbsent(r.key(), key -> new ArrayList<>()).add(r));
    return users.values();
  }

  private Uni<Void> inOrder(List<ConsumerRecord<String, byte[]>> records) {
    return Multi.createFrom()
        .iterable(records)
        .onItem()
        .transformToUniAndConcatenate(this::handled)
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** Never fails: no record may cost those behind it anything. */
  private Uni<Void> handled(ConsumerRecord<String, byte[]> record) {
    return Uni.createFrom()
        .deferred(() -> handle(record))
        .onFailure()
        .recoverWithUni(
            fault -> {
              LOG.errorf(fault, "The record at offset %d cannot be handled", record.offset());
              return deadLetter(record, null, "internal_error");
            })
        .onFailure()
        .recoverWithItem(
            fault -> {
              LOG.errorf(fault, "The record at offset %d was passed over", record.offset());
              return null;
            });
  }

  private Uni<Void> handle(ConsumerRecord<String, byte[]> record) {
    return Workers.compute(() -> reader.read(record, clock.instant()))
        .chain(received -> handle(record, received));
  }

  private Uni<Void> handle(ConsumerRecord<String, byte[]> record, Received received) {
    if (received instanceof Received.Unproven unproven) {
      return deadLetter(record, null, unproven.code());
    }
    if (received instanceof Received.Refused refused) {
      return answer(record, refused.reply());
    }
    WriteRequest request = ((Received.Command) received).request();
    return untilDone("write", () -> writes.writeInTurn(request))
        .map(Written::reply)
        .onFailure()
        .recoverWithItem(failure -> neverDone(request, failure))
        .chain(reply -> answer(record, reply));
  }

  private static OverrideReply neverDone(WriteRequest request, Throwable failure) {
    LOG.errorf(failure, "Command %s can never be carried out", request.commandId());
    boolean data = FailureKind.of(failure) == FailureKind.DATA;
    return Replies.refused(
        request.key().tenant(),
        request.commandId(),
        request.key().user(),
        0,
        data ? "invalid_override" : "internal_error",
        data ? "the database cannot store this text" : "the store failed on this command");
  }

  private Uni<Void> answer(ConsumerRecord<String, byte[]> record, OverrideReply reply) {
    Uni<Void> sent = untilDone("reply", () -> outbound.reply(reply, RecordHeaders.replyTo(record)));
    return reply.ok() ? sent : sent.chain(() -> deadLetter(record, reply.tenant(), reply.code()));
  }

  private Uni<Void> deadLetter(ConsumerRecord<String, byte[]> record, String tenant, String code) {
    LOG.infof(
        "Record %s-%d@%d cannot be carried out: %s",
        record.topic(), record.partition(), record.offset(), code);
    return untilDone(
            "dead letter",
            () -> outbound.deadLetter(deadLetters.of(record, tenant, code, clock.instant())))
        .invoke(() -> meters.deadLettered(code));
  }

  /**
   * Infrastructure comes back; until it does, the record waits and so do those behind it. Fails
   * only where trying again is no use.
   */
  private static <T> Uni<T> untilDone(String what, Supplier<Uni<? extends T>> attempt) {
    return Uni.createFrom()
        .deferred(attempt)
        .onFailure()
        .invoke(failure -> LOG.warnf("A %s failed: %s", what, failure))
        .onFailure(failure -> FailureKind.of(failure) == FailureKind.PASSING)
        .retry()
        .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
        .indefinitely()
        .onFailure(failure -> FailureKind.of(failure) == FailureKind.FAULT)
        .retry()
        .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
        .atMost(FAULTY_TRIES);
  }
}

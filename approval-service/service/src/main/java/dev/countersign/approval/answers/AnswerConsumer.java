package dev.countersign.approval.answers;

import dev.countersign.approval.answers.AnswerJudge.Effect;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.db.SqlErrors;
import dev.countersign.approval.kafka.Batches;
import dev.countersign.approval.kafka.DeadLetters;
import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.kafka.Workers;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.approval.overrides.CaughtUp;
import dev.countersign.protocol.PermissionAnswer;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes answers from Kafka, each in a transaction of its own. The first one that counts wins. */
@ApplicationScoped
public class AnswerConsumer implements Batches.Each {
  private final AnswerReader reader;
  private final AnswerTransaction transaction;
  private final AnswerReplies replies;
  private final Database database;
  private final Batches batches;
  private final CaughtUp caughtUp;
  private final Kicks kicks;
  private final AnswerMeters meters;

  public AnswerConsumer(
      AnswerReader reader,
      AnswerTransaction transaction,
      AnswerReplies replies,
      Database database,
      Batches batches,
      CaughtUp caughtUp,
      Kicks kicks,
      AnswerMeters meters) {
    this.reader = reader;
    this.transaction = transaction;
    this.replies = replies;
    this.database = database;
    this.batches = batches;
    this.caughtUp = caughtUp;
    this.kicks = kicks;
    this.meters = meters;
  }

  @Incoming("answers")
  @Blocking(Workers.DECISIONS)
  public void consume(ConsumerRecords<byte[], byte[]> records) {
    caughtUp.await();
    batches.each("answers", records, this);
  }

  @Override
  public List<Outgoing> giveUp(InboundRecord record, Instant now) {
    return reader.read(record) instanceof AnswerReader.Reading.Proven proven
        ? refused(
            record,
            proven.answer(),
            "internal_error",
            "an internal error; it was reported. Read the request to see where it stands",
            now)
        : List.of(DeadLetters.of(record, "internal_error", now));
  }

  @Override
  public List<Outgoing> handle(InboundRecord record, Instant now) {
    AnswerReader.Reading reading = reader.read(record);
    if (reading instanceof AnswerReader.Reading.Unproven unproven) {
      return List.of(DeadLetters.of(record, unproven.code(), now));
    }
    if (reading instanceof AnswerReader.Reading.Bad bad) {
      return List.of(
          replies.refused(
              bad.tenant(),
              bad.promptId(),
              bad.answerId(),
              bad.replyTo(),
              bad.code(),
              bad.detail(),
              now),
          DeadLetters.of(record, bad.code(), now));
    }
    Answer answer = ((AnswerReader.Reading.Proven) reading).answer();
    try {
      return proven(record, answer, now);
    } catch (RuntimeException e) {
      if (!SqlErrors.dataAtFault(e)) {
        throw e;
      }
      return refused(record, answer, "invalid_answer", "it holds text that cannot be stored", now);
    }
  }

  private List<Outgoing> proven(InboundRecord record, Answer answer, Instant now) {
    AnswerTransaction.Result result =
        database.transaction(connection -> transaction.run(connection, answer));
    meters.judged(result, record.appendedAt());
    kicks.somethingToPublish();
    if (result.effect() instanceof Effect.End end && end.plan() != null) {
      kicks.somethingToJudge();
    }
    PermissionAnswer value = answer.value();
    Effect effect = result.effect();
    if (effect instanceof Effect.Refuse refuse) {
      return refused(record, answer, refuse.code(), refuse.detail(), now);
    }
    if (effect instanceof Effect.Repeated) {
      return result.prompt().request().decided()
          ? List.of(replies.ofChoice(result.prompt(), answer.replyTo(), now))
          : List.of();
    }
    if (effect instanceof Effect.AlreadyDecided || effect instanceof Effect.EndOtherwise) {
      return List.of(
          replies.alreadyDecided(
              result.prompt().request(), value.answerId(), answer.replyTo(), now));
    }
    // The publisher tells of what the answer did.
    return List.of();
  }

  private List<Outgoing> refused(
      InboundRecord record, Answer answer, String code, String detail, Instant now) {
    PermissionAnswer value = answer.value();
    return List.of(
        replies.refused(
            value.tenant(),
            value.promptId(),
            value.answerId(),
            answer.replyTo(),
            code,
            detail,
            now),
        DeadLetters.of(record, code, now));
  }
}

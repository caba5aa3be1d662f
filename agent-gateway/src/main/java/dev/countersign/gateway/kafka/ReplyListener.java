package dev.countersign.gateway.kafka;

import dev.countersign.gateway.requests.RequestWaiters;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.Event;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.SessionReply;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Hands replies to whoever waits for them here. Every replica reads every reply topic; what is not
 * awaited here is skipped unread. Session commands and answers are awaited by the mark of their
 * call alone, requests by their session and id, which only that session's token can send.
 */
@ApplicationScoped
public class ReplyListener {
  private static final Logger LOG = Logger.getLogger(ReplyListener.class);

  private final ReplyMarks marks;
  private final RequestWaiters requests;
  private final Waiters<SessionReply> sessions = new Waiters<>();
  private final Waiters<AnswerReply> answers = new Waiters<>();

  public ReplyListener(ReplyMarks marks, RequestWaiters requests) {
    this.marks = marks;
    this.requests = requests;
  }

  /** Who waits for a session command. */
  public Waiters<SessionReply> sessions() {
    return sessions;
  }

  /** Who waits for an answer. */
  public Waiters<AnswerReply> answers() {
    return answers;
  }

  /**
   * Says when to read a decision; it may be awaited here though another replica sent its request.
   */
  @Incoming("permission-replies")
  public void onDecision(ConsumerRecord<String, byte[]> record) {
    if (marks.ofReplica().equals(mark(record)) || requests.awaits(record.key())) {
      read(record, PermissionReply.class).ifPresent(requests::hint);
    }
  }

  @Incoming("session-replies")
  public void onSession(ConsumerRecord<String, byte[]> record) {
    handOver(record, sessions, SessionReply.class);
  }

  @Incoming("answer-replies")
  public void onAnswer(ConsumerRecord<String, byte[]> record) {
    handOver(record, answers, AnswerReply.class);
  }

  private static <T extends Event> void handOver(
      ConsumerRecord<String, byte[]> record, Waiters<T> waiters, Class<T> type) {
    String mark = mark(record);
    if (!waiters.awaits(mark)) {
      return;
    }
    read(record, type)
        .filter(reply -> !waiters.complete(mark, reply))
        .ifPresent(
            other ->
                LOG.warnf(
                    "Passed over a reply that is not about what its mark was sent with: %s-%d@%d",
                    record.topic(), record.partition(), record.offset()));
  }

  private static String mark(ConsumerRecord<String, byte[]> record) {
    Header mark = record.headers().lastHeader(Headers.REPLY_TO);
    return mark == null || mark.value() == null
        ? null
        : new String(mark.value(), StandardCharsets.UTF_8);
  }

  static <T extends Event> Optional<T> read(ConsumerRecord<String, byte[]> record, Class<T> type) {
    if (record.value() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.readOwn(record.value(), type));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.warnf(
          "Skipped an unreadable record: %s-%d@%d: %s",
          record.topic(), record.partition(), record.offset(), e.getMessage());
      return Optional.empty();
    }
  }
}

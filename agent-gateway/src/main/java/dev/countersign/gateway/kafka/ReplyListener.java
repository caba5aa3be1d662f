package dev.countersign.gateway.kafka;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.requests.RequestWaiters;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.Event;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.InvalidEventException;
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
 * Hands replies to whoever waits for them here. Every replica reads every reply topic; what neither
 * carries its mark nor is awaited here is skipped unread.
 */
@ApplicationScoped
public class ReplyListener {
  private static final Logger LOG = Logger.getLogger(ReplyListener.class);

  private final String instanceId;
  private final RequestWaiters requests;
  private final Waiters<SessionReply> sessions = new Waiters<>();
  private final Waiters<AnswerReply> answers = new Waiters<>();

  public ReplyListener(GatewayConfig config, RequestWaiters requests) {
    this.instanceId = config.instanceId();
    this.requests = requests;
  }

  /** Who waits for a session command, by command id. */
  public Waiters<SessionReply> sessions() {
    return sessions;
  }

  /** Who waits for an answer, by answer id. */
  public Waiters<AnswerReply> answers() {
    return answers;
  }

  /** A decision may also be awaited here though another replica sent its request. */
  @Incoming("permission-replies")
  public void onDecision(ConsumerRecord<String, byte[]> record) {
    if (isOurs(record) || requests.awaits(record.key())) {
      read(record, PermissionReply.class).ifPresent(requests::decided);
    }
  }

  @Incoming("session-replies")
  public void onSession(ConsumerRecord<String, byte[]> record) {
    if (isOurs(record)) {
      read(record, SessionReply.class)
          .ifPresent(reply -> sessions.complete(String.valueOf(reply.commandId()), reply));
    }
  }

  @Incoming("answer-replies")
  public void onAnswer(ConsumerRecord<String, byte[]> record) {
    if (isOurs(record)) {
      read(record, AnswerReply.class)
          .ifPresent(reply -> answers.complete(String.valueOf(reply.answerId()), reply));
    }
  }

  private boolean isOurs(ConsumerRecord<String, byte[]> record) {
    Header mark = record.headers().lastHeader(Headers.REPLY_TO);
    return mark != null
        && mark.value() != null
        && instanceId.equals(new String(mark.value(), StandardCharsets.UTF_8));
  }

  static <T extends Event> Optional<T> read(ConsumerRecord<String, byte[]> record, Class<T> type) {
    if (record.value() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(record.value(), type));
    } catch (InvalidEventException e) {
      LOG.warnf(
          "Skipped an unreadable record: %s-%d@%d: %s",
          record.topic(), record.partition(), record.offset(), e.getMessage());
      return Optional.empty();
    }
  }
}

package dev.countersign.approval.requests;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.kafka.DeadLetters;
import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.kafka.Source;
import dev.countersign.approval.texts.DecisionTexts;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Execution;
import dev.countersign.protocol.PermissionReply;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Makes the records that tell others of a decision. */
@ApplicationScoped
public class RequestMessages {
  private static final int MAX_DETAIL = 1000;

  private final Duration allowValidity;
  private final ReceiptEvents receipts;

  public RequestMessages(ApprovalConfig config, ReceiptEvents receipts) {
    this.allowValidity = config.allowValidity();
    this.receipts = receipts;
  }

  /** The reply to whoever asked. */
  public Outgoing reply(StoredRequest decided, ReplyAddress address) {
    PermissionReply reply = decided.reply(allowValidity);
    return Outgoing.event(
            address.topic(), reply, id(decided, "reply"), decided.decidedAt(), address.replyTo())
        .about(decided.source());
  }

  /** The reply to a record that asked. */
  public Outgoing reply(StoredRequest decided, Reading.Ask ask) {
    return reply(decided, ask.address()).about(Source.of(ask.record()));
  }

  /** The receipt, without what must not stay where no erase reaches. */
  public Outgoing receipt(StoredRequest decided) {
    return Outgoing.event(
            receipts.of(decided.receipt(allowValidity)),
            id(decided, "receipt"),
            decided.decidedAt())
        .about(decided.source());
  }

  /** The decision as it is told everywhere. */
  public PermissionReply decision(StoredRequest decided) {
    return decided.reply(allowValidity);
  }

  /** The denial and the dead letter of a record whose sender is proven. */
  public List<Outgoing> refusal(Reading.Bad bad, Instant now) {
    return List.of(
        denial(
            new RequestKey(bad.session().tenant(), bad.session().id(), bad.requestId()),
            null,
            bad.address(),
            bad.record(),
            bad.replyCode(),
            bad.detail(),
            now),
        DeadLetters.of(bad.record(), bad.code(), now));
  }

  /** The denial and the dead letter of a readable request that is not stored. */
  public List<Outgoing> refusal(Reading.Ask ask, String code, String detail, Instant now) {
    String replyCode = code.equals("not_your_session") ? "invalid_request" : code;
    return List.of(
        denial(ask.key(), ask.digest(), ask.address(), ask.record(), replyCode, detail, now),
        DeadLetters.of(ask.record(), code, now));
  }

  private static Outgoing denial(
      RequestKey key,
      String digest,
      ReplyAddress address,
      InboundRecord record,
      String code,
      String detail,
      Instant now) {
    PermissionReply reply =
        new PermissionReply(
            key.tenant(),
            key.sessionId(),
            key.requestId(),
            digest,
            Effect.DENY,
            DecidedBy.SYSTEM,
            code,
            reason(detail),
            null,
            null,
            null,
            null,
            Execution.FOREGROUND,
            false,
            null,
            now,
            null);
    Source source = Source.of(record);
    return Outgoing.event(address.topic(), reply, source.toString(), now, address.replyTo())
        .about(source);
  }

  /** What was wrong may quote what was sent, and that may be of any length. */
  private static String reason(String detail) {
    return DecisionTexts.undecidable(Texts.cut(detail, MAX_DETAIL));
  }

  private static String id(StoredRequest request, String what) {
    RequestKey key = request.key();
    return String.join("/", key.tenant(), key.sessionId(), key.requestId(), what);
  }
}

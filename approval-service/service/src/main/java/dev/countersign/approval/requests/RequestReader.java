package dev.countersign.approval.requests;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.policy.PermissionMode;
import dev.countersign.protocol.CallFinished;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionCancel;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenType;
import dev.countersign.protocol.token.TokenVerifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.regex.Pattern;

/**
 * Reads one record of {@code permission.requests}: proves the sender first, then reads. Never
 * throws for anything a record can hold.
 */
@ApplicationScoped
public class RequestReader {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:@+-]{1,128}");
  private static final int MAX_REPLY_TO = 128;

  private final TokenVerifier verifier;

  public RequestReader(TokenVerifier verifier) {
    this.verifier = verifier;
  }

  /** What the record is. */
  public Reading read(InboundRecord record) {
    TokenClaims token;
    try {
      token = verifier.verify(record.header(Headers.TOKEN), record.appendedAt(), TokenType.SESSION);
    } catch (TokenException e) {
      return new Reading.Unproven(record, e.code(), e.getMessage());
    }
    Reading reading = read(record, Sender.of(record, token));
    boolean finish = EventType.CALL_FINISHED.ceType().equals(record.header(Headers.CE_TYPE));
    // A deny would stand beside the decision that the call ran under.
    return finish && reading instanceof Reading.Bad bad
        ? new Reading.Unproven(record, bad.code(), bad.detail())
        : reading;
  }

  private static Reading read(InboundRecord record, Sender sender) {
    try {
      return proven(record, sender);
    } catch (InvalidEventException e) {
      boolean unreadable = e.field().equals("$");
      return sender.bad(
          record,
          requestId(record),
          unreadable ? "malformed_json" : "invalid_request",
          e.getMessage());
    }
  }

  /** Who sent a record, and where a reply may go. */
  private record Sender(
      SessionKey session, String owner, ReplyAddress address, String refusedTopic) {
    static Sender of(InboundRecord record, TokenClaims token) {
      String mark = record.header(Headers.REPLY_TO);
      String replyTo = usable(mark) ? mark : null;
      String topic = record.header(Headers.REPLY_TOPIC);
      boolean honoured =
          topic == null
              || topic.equals(Topics.REPLIES)
              || token.texts(TokenClaims.REPLY_TOPICS).contains(topic);
      ReplyAddress address =
          honoured && topic != null
              ? new ReplyAddress(topic, replyTo)
              : ReplyAddress.byDefault(replyTo);
      return new Sender(
          new SessionKey(token.tenant(), token.subject()),
          token.text(TokenClaims.OWNER),
          address,
          honoured ? null : topic);
    }

    /** A mark that cannot be stored is nobody's: the reply then carries none. */
    private static boolean usable(String mark) {
      return mark != null && mark.length() <= MAX_REPLY_TO && Texts.storable(mark);
    }

    Reading.Bad bad(InboundRecord record, String requestId, String code, String detail) {
      return new Reading.Bad(record, session, requestId, address, code, "invalid_request", detail);
    }
  }

  private static Reading proven(InboundRecord record, Sender sender) {
    if (record.size() > Json.MAX_REQUEST_BYTES) {
      return sender.bad(
          record,
          null,
          "too_large",
          "the request has %d bytes, the limit is %d"
              .formatted(record.size(), Json.MAX_REQUEST_BYTES));
    }
    if (record.value() == null) {
      throw new InvalidEventException("$", "is missing: the record has no value");
    }
    if (record.key() == null) {
      return sender.bad(
          record, requestId(record), "null_key", "the record's key must be the session id");
    }
    if (sender.refusedTopic() != null) {
      return sender.bad(
          record,
          requestId(record),
          "reply_topic_not_allowed",
          "the session's token does not list the reply topic " + sender.refusedTopic());
    }
    String type = record.header(Headers.CE_TYPE);
    if (type == null || type.equals(EventType.PERMISSION_REQUESTED.ceType())) {
      return ask(record, sender);
    }
    if (type.equals(EventType.PERMISSION_CANCELLED.ceType())) {
      return cancel(record, sender);
    }
    if (type.equals(EventType.CALL_FINISHED.ceType())) {
      return finish(record, sender);
    }
    throw new InvalidEventException(Headers.CE_TYPE, "names no event of this topic: " + type);
  }

  private static Reading ask(InboundRecord record, Sender sender) {
    PermissionRequest request = Json.read(record.value(), PermissionRequest.class);
    RequestKey key = new RequestKey(request.tenant(), request.sessionId(), request.requestId());
    Reading.Bad foreign = foreign(record, sender, key);
    if (foreign != null) {
      return foreign;
    }
    Texts.check("toolCall", Json.mapper().<JsonNode>valueToTree(request.toolCall()));
    Texts.check("agentAsks", request.agentAsks());
    PermissionMode claimed = null;
    if (request.claimedMode() != null) {
      claimed = PermissionMode.of(request.claimedMode()).orElse(null);
      if (claimed == null) {
        return sender.bad(
            record,
            request.requestId(),
            "invalid_mode",
            "claimedMode must be one of " + PermissionMode.words());
      }
    }
    return new Reading.Ask(
        record,
        request,
        key,
        sender.owner(),
        sender.address(),
        Digest.of(request.toolCall()),
        claimed);
  }

  private static Reading cancel(InboundRecord record, Sender sender) {
    PermissionCancel cancel = Json.read(record.value(), PermissionCancel.class);
    RequestKey key = new RequestKey(cancel.tenant(), cancel.sessionId(), cancel.requestId());
    Reading.Bad foreign = foreign(record, sender, key);
    if (foreign != null) {
      return foreign;
    }
    Texts.check("reason", cancel.reason());
    return new Reading.Cancel(record, cancel, key, sender.owner(), sender.address());
  }

  private static Reading finish(InboundRecord record, Sender sender) {
    CallFinished finished = Json.read(record.value(), CallFinished.class);
    RequestKey key = new RequestKey(finished.tenant(), finished.sessionId(), finished.requestId());
    Reading.Bad foreign = foreign(record, sender, key);
    return foreign != null ? foreign : new Reading.Finish(record, finished, key, sender.owner());
  }

  private static Reading.Bad foreign(InboundRecord record, Sender sender, RequestKey key) {
    if (!key.sessionId().equals(record.keyText())) {
      return sender.bad(
          record, key.requestId(), "key_mismatch", "the record's key is not its sessionId");
    }
    if (!sender.session().equals(key.session())) {
      return sender.bad(
          record, key.requestId(), "not_your_session", "the token is for another session");
    }
    return null;
  }

  private static String requestId(InboundRecord record) {
    String id = Json.salvaged(record.value(), "requestId");
    return id != null && ID.matcher(id).matches() ? id : null;
  }
}

package dev.countersign.approval.sessions;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.db.SqlErrors;
import dev.countersign.approval.kafka.Batches;
import dev.countersign.approval.kafka.DeadLetters;
import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.kafka.Outgoing;
import dev.countersign.approval.kafka.Workers;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.approval.requests.Texts;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenVerifier;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes session commands from Kafka, each in a transaction of its own. */
@ApplicationScoped
public class SessionConsumer implements Batches.Each {
  private final TokenVerifier verifier;
  private final SessionTransaction transaction;
  private final Database database;
  private final Batches batches;
  private final Kicks kicks;

  public SessionConsumer(
      TokenVerifier verifier,
      SessionTransaction transaction,
      Database database,
      Batches batches,
      Kicks kicks) {
    this.verifier = verifier;
    this.transaction = transaction;
    this.database = database;
    this.batches = batches;
    this.kicks = kicks;
  }

  @Incoming("session-commands")
  @Blocking(Workers.DECISIONS)
  public void consume(ConsumerRecords<byte[], byte[]> records) {
    batches.each("session-commands", records, this);
    kicks.somethingToJudge();
  }

  @Override
  public List<Outgoing> giveUp(InboundRecord record, Instant now) {
    try {
      String detail = "an internal error; it was reported. Read the session to see where it stands";
      return refused(record, sender(record), "internal_error", null, detail, now);
    } catch (TokenException e) {
      return List.of(DeadLetters.of(record, e.code(), now));
    }
  }

  private TokenClaims sender(InboundRecord record) throws TokenException {
    return verifier.verifyAssertion(
        record.header(Headers.ASSERTION),
        record.appendedAt(),
        EventType.SESSION_COMMANDED.ceType(),
        record.value());
  }

  @Override
  public List<Outgoing> handle(InboundRecord record, Instant now) {
    if (record.value() == null) {
      return List.of(DeadLetters.of(record, "malformed_json", now));
    }
    TokenClaims claims;
    try {
      claims = sender(record);
    } catch (TokenException e) {
      return List.of(DeadLetters.of(record, e.code(), now));
    }
    try {
      return List.of(proven(record, claims, now));
    } catch (InvalidEventException e) {
      String code = e.field().equals("$") ? "malformed_json" : "invalid_setting";
      return refused(record, claims, code, setting(e.field()), setting(e.getMessage()), now);
    } catch (RuntimeException e) {
      if (!SqlErrors.dataAtFault(e)) {
        throw e;
      }
      return refused(record, claims, "invalid_setting", null, "it cannot be stored", now);
    }
  }

  /** A setting's name as it is everywhere, without the part of the command that holds it. */
  private static String setting(String text) {
    return text.startsWith("settings.") ? text.substring("settings.".length()) : text;
  }

  private static List<Outgoing> refused(
      InboundRecord record,
      TokenClaims claims,
      String code,
      String field,
      String detail,
      Instant now) {
    SessionReply reply =
        new SessionReply(
            claims.tenant(), commandId(record), record.keyText(), false, code, detail, field, null);
    String id = record.topic() + "/" + record.partition() + "/" + record.offset();
    return List.of(
        Outgoing.event(
            EventType.SESSION_CHANGED.topic(), reply, id, now, record.header(Headers.REPLY_TO)),
        DeadLetters.of(record, code, now));
  }

  private static String commandId(InboundRecord record) {
    return Json.salvaged(record.value(), "commandId");
  }

  private Outgoing proven(InboundRecord record, TokenClaims claims, Instant now) {
    if (record.size() > Json.MAX_REQUEST_BYTES) {
      throw new InvalidEventException("$", "has more than " + Json.MAX_REQUEST_BYTES + " bytes");
    }
    SessionCommand command = Json.read(record.value(), SessionCommand.class);
    Texts.check("reason", command.reason());
    if (!command.sessionId().equals(record.keyText())) {
      throw new InvalidEventException("sessionId", "must be the record's key");
    }
    if (!command.tenant().equals(claims.tenant())) {
      throw new InvalidEventException("tenant", "is not the sender's");
    }
    Sender from =
        new Sender(claims.subject(), claims.roles(), claims.text(TokenClaims.ACTING_SESSION));
    SessionReply reply =
        database.transaction(connection -> transaction.run(connection, command, from));
    return Outgoing.event(
        EventType.SESSION_CHANGED.topic(),
        reply,
        command.commandId(),
        now,
        record.header(Headers.REPLY_TO));
  }
}

package dev.countersign.approval.answers;

import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.requests.Texts;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.token.Roles;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenVerifier;
import jakarta.enterprise.context.ApplicationScoped;

/** Reads one record of {@code permission.answers}: proves the sender over its exact bytes first. */
@ApplicationScoped
public class AnswerReader {
  private final TokenVerifier verifier;

  public AnswerReader(TokenVerifier verifier) {
    this.verifier = verifier;
  }

  /** What a record turned out to be. */
  public sealed interface Reading {
    /** Proven and readable. */
    record Proven(Answer answer) implements Reading {}

    /** Nobody proved who sent it: dead-lettered, not answered. */
    record Unproven(String code, String detail) implements Reading {}

    /**
     * Proven, but it cannot count: answered and dead-lettered.
     *
     * @param promptId null if it could not be read
     * @param answerId null if it could not be read
     */
    record Bad(
        String tenant, String promptId, String answerId, String replyTo, String code, String detail)
        implements Reading {}
  }

  /** What the record is. */
  public Reading read(InboundRecord record) {
    if (record.value() == null) {
      return new Reading.Unproven("malformed_json", "the record has no value");
    }
    TokenClaims claims;
    try {
      claims =
          verifier.verifyAssertion(
              record.header(Headers.ASSERTION),
              record.appendedAt(),
              EventType.PROMPT_ANSWERED.ceType(),
              record.value());
    } catch (TokenException e) {
      return new Reading.Unproven(e.code(), e.getMessage());
    }
    return proven(record, claims);
  }

  private static Reading proven(InboundRecord record, TokenClaims claims) {
    String mark = record.header(Headers.REPLY_TO);
    String replyTo = mark != null && mark.length() <= 128 && Texts.storable(mark) ? mark : null;
    if (claims.text(TokenClaims.ACTING_SESSION) != null) {
      return bad(record, claims, replyTo, "agents_cannot_answer", "only a person can answer");
    }
    boolean admin = claims.roles().contains(Roles.ADMIN);
    if (!admin && !claims.roles().contains(Roles.APPROVER)) {
      return bad(record, claims, replyTo, "not_entitled", "answering needs the role approver");
    }
    if (record.size() > Json.MAX_REQUEST_BYTES) {
      return new Reading.Bad(
          claims.tenant(),
          null,
          null,
          replyTo,
          "too_large",
          "the answer has more than " + Json.MAX_REQUEST_BYTES + " bytes");
    }
    try {
      PermissionAnswer answer = Json.read(record.value(), PermissionAnswer.class);
      Texts.check("feedback", answer.feedback());
      Texts.check("optionId", answer.optionId());
      Texts.check("editedInput", answer.editedInput());
      if (!answer.tenant().equals(claims.tenant())) {
        throw new InvalidEventException("tenant", "is not the sender's");
      }
      if (!answer.promptId().equals(record.keyText())) {
        throw new InvalidEventException("$key", "must be the promptId");
      }
      return new Reading.Proven(new Answer(answer, claims.subject(), admin, replyTo));
    } catch (InvalidEventException e) {
      return bad(record, claims, replyTo, "invalid_answer", e.getMessage());
    }
  }

  private static Reading.Bad bad(
      InboundRecord record, TokenClaims claims, String replyTo, String code, String detail) {
    return new Reading.Bad(
        claims.tenant(), text(record, "promptId"), text(record, "answerId"), replyTo, code, detail);
  }

  private static String text(InboundRecord record, String field) {
    String value = Json.salvaged(record.value(), field);
    return value != null && value.length() <= 128 ? value : null;
  }
}

package dev.countersign.gateway.peer;

import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Execution;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionCancel;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.SessionView;
import java.time.Instant;
import java.util.List;

/** Builds decisions. */
final class Replies {
  private Replies() {}

  static PermissionReply of(
      PermissionRequest request, Effect effect, DecidedBy by, String code, String reason) {
    String command = request.toolCall().input().path("command").asText();
    boolean other = command.contains("OTHER");
    Instant now = Instant.now();
    return new PermissionReply(
        request.tenant(),
        request.sessionId(),
        request.requestId(),
        other ? Digest.of("another call") : Digest.of(request.toolCall()),
        effect,
        by,
        code,
        reason,
        null,
        null,
        null,
        null,
        effect == Effect.ALLOW ? Execution.FOREGROUND : null,
        false,
        null,
        now,
        effect == Effect.DENY
            ? null
            : command.contains("EXPIRED") ? now.minusSeconds(1) : now.plusSeconds(300));
  }

  static PermissionReply byPerson(
      PermissionRequest request, Effect effect, String person, PermissionAnswer answer) {
    Instant now = Instant.now();
    return new PermissionReply(
        request.tenant(),
        request.sessionId(),
        request.requestId(),
        Digest.of(request.toolCall()),
        effect,
        DecidedBy.USER,
        effect == Effect.ALLOW ? "allowed" : "denied",
        (effect == Effect.ALLOW ? "Approved by " : "Declined by ") + person + ".",
        null,
        person,
        answer.feedback(),
        answer.editedInput(),
        null,
        false,
        answer.promptId(),
        now,
        effect == Effect.ALLOW ? now.plusSeconds(300) : null);
  }

  static PermissionReply cancelled(PermissionCancel cancel, String digest) {
    return new PermissionReply(
        cancel.tenant(),
        cancel.sessionId(),
        cancel.requestId(),
        digest,
        Effect.DENY,
        DecidedBy.CANCELLED,
        "cancelled",
        "Withdrawn.",
        null,
        null,
        null,
        null,
        null,
        false,
        null,
        Instant.now(),
        null);
  }

  static PromptState prompt(PermissionRequest request, String promptId, String owner) {
    return new PromptState(
        request.tenant(),
        promptId,
        request.sessionId(),
        request.requestId(),
        owner,
        1,
        PromptState.State.OPEN,
        request.toolCall(),
        Digest.of(request.toolCall()),
        "It is outside the workspace.",
        List.of(
            new PromptOption(
                "allow-once",
                PromptOption.Kind.ALLOW_ONCE,
                "Allow once",
                PromptOption.Scope.ONCE,
                null,
                null),
            new PromptOption(
                "reject-once",
                PromptOption.Kind.REJECT_ONCE,
                "Reject once",
                PromptOption.Scope.ONCE,
                null,
                null)),
        Instant.now(),
        Instant.now().plusSeconds(600),
        null);
  }

  static SessionReply reply(SessionCommand command, SessionView view) {
    return new SessionReply(
        command.tenant(), command.commandId(), command.sessionId(), true, "ok", null, null, view);
  }

  static SessionReply refuse(SessionCommand command, String code, String detail, String field) {
    return new SessionReply(
        command.tenant(),
        command.commandId(),
        command.sessionId(),
        false,
        code,
        detail,
        field,
        null);
  }

  static AnswerReply refused(PermissionAnswer answer, String code) {
    return new AnswerReply(
        answer.tenant(),
        answer.promptId(),
        answer.answerId(),
        AnswerReply.Outcome.REFUSED,
        code,
        "Refused: " + code,
        null);
  }
}

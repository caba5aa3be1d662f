package dev.countersign.gateway.prompts;

import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Problems;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;
import java.util.Locale;
import java.util.concurrent.CompletionException;

/** A reply to an answer as HTTP tells it: accepted, or a problem that names the decision. */
final class AnswerReplies {
  private AnswerReplies() {}

  /** The reply if it says that the answer counted; fails with a problem otherwise. */
  static AnswerReply accepted(AnswerReply reply) {
    return switch (reply.outcome()) {
      case ACCEPTED -> reply;
      case ALREADY_DECIDED -> throw new CompletionException(alreadyDecided(reply));
      case REFUSED -> throw new CompletionException(refused(reply));
    };
  }

  private static ProblemException refused(AnswerReply reply) {
    String detail = reply.detail() == null ? "The answer was refused." : reply.detail();
    ProblemException problem =
        Problems.of(status(reply.code()), reply.code(), "The answer was refused.", detail);
    return reply.decision() == null ? problem : problem.member("decision", reply.decision());
  }

  private static int status(String code) {
    return switch (code) {
      case "unknown_prompt" -> 404;
      case "not_yours", "agents_cannot_answer", "not_entitled" -> 403;
      case "stale_prompt", "stale_option", "answer_id_reused", "denied_by_policy" -> 409;
      case "internal_error" -> 500;
      default -> 422;
    };
  }

  private static ProblemException alreadyDecided(AnswerReply reply) {
    String title = "This prompt is already decided.";
    PermissionReply decision = reply.decision();
    if (decision == null) {
      return Problems.of(409, "already_decided", title, reply.detail());
    }
    String who =
        decision.user() == null
            ? decision.decidedBy().name().toLowerCase(Locale.ROOT)
            : decision.user();
    String what = decision.effect() == Effect.ALLOW ? "allowed" : "denied";
    return Problems.of(
            409,
            "already_decided",
            title,
            "It was " + what + " (" + who + ") at " + decision.decidedAt() + ".")
        .member("decision", decision);
  }
}

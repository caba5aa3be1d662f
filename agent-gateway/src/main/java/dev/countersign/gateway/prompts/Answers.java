package dev.countersign.gateway.prompts;

import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.kafka.ReplyListener;
import dev.countersign.gateway.kafka.Sender;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionReply;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Sends what a person chose, and waits for what became of it. */
@ApplicationScoped
public class Answers {
  /** An "always" is stored before it counts; after 30 s it is given up. */
  private static final long WAIT_SECONDS = 32;

  private final Sender sender;
  private final ReplyListener replies;
  private final Upstream upstream;

  public Answers(Sender sender, ReplyListener replies, Upstream upstream) {
    this.sender = sender;
    this.replies = replies;
    this.upstream = upstream;
  }

  /**
   * Answers a prompt.
   *
   * @return the reply; empty if it is taken but not settled yet. Fails with 409 {@code
   *     already_decided} if another decision stands, or with why the answer was refused
   */
  public CompletableFuture<Optional<AnswerReply>> answer(
      Caller person, String promptId, String answerId, AnswerBody body) {
    if (!person.isPerson()) {
      throw Problems.agentsCannotAnswer();
    }
    answerOf(person, promptId, answerId, body, body.digest());
    CompletableFuture<String> digest =
        body.digest() == null
            ? read(person, promptId).thenApply(Answers::digestOf)
            : CompletableFuture.completedFuture(body.digest());
    return digest.thenCompose(
        seen -> send(person, answerOf(person, promptId, answerId, body, seen)));
  }

  private CompletableFuture<Optional<AnswerReply>> send(Caller person, PermissionAnswer answer) {
    CompletableFuture<AnswerReply> reply = replies.answers().register(answer.answerId());
    return sender
        .sendAsserted(answer, answer.answerId(), person)
        .thenCompose(ok -> reply.completeOnTimeout(null, WAIT_SECONDS, TimeUnit.SECONDS))
        .thenApply(came -> Optional.ofNullable(came).map(Answers::accepted))
        .whenComplete((result, failure) -> reply.cancel(false));
  }

  private CompletableFuture<StoredPrompt> read(Caller person, String promptId) {
    return upstream
        .get(Upstream.Service.APPROVAL, "/internal/prompts/" + Upstream.encode(promptId), person)
        .thenApply(reply -> reply.as(StoredPrompt.class));
  }

  private static PermissionAnswer answerOf(
      Caller person, String promptId, String answerId, AnswerBody body, String digest) {
    return new PermissionAnswer(
        person.tenant(),
        promptId,
        answerId,
        body.optionId(),
        digest,
        body.feedback(),
        body.editedInput());
  }

  private static String digestOf(StoredPrompt stored) {
    if (stored.prompt() != null) {
      return stored.prompt().digest();
    }
    if (stored.decision() == null) {
      throw new CompletionException(
          Problems.of(404, "unknown_prompt", "This prompt is not known.", "It is not visible."));
    }
    throw new CompletionException(alreadyDecided(stored.decision()));
  }

  private static AnswerReply accepted(AnswerReply reply) {
    String detail = reply.detail() == null ? "The answer was refused." : reply.detail();
    return switch (reply.outcome()) {
      case ACCEPTED -> reply;
      case ALREADY_DECIDED ->
          throw new CompletionException(
              reply.decision() == null
                  ? Problems.of(409, "already_decided", "This prompt is already decided.", detail)
                  : alreadyDecided(reply.decision()));
      case REFUSED ->
          throw new CompletionException(
              Problems.of(refusal(reply.code()), reply.code(), "The answer was refused.", detail));
    };
  }

  private static int refusal(String code) {
    return switch (code) {
      case "unknown_prompt" -> 404;
      case "not_yours", "agents_cannot_answer", "not_entitled" -> 403;
      case "stale_prompt" -> 409;
      default -> 422;
    };
  }

  private static ProblemException alreadyDecided(PermissionReply decision) {
    String who =
        decision.user() == null
            ? decision.decidedBy().name().toLowerCase(java.util.Locale.ROOT)
            : decision.user();
    String what = decision.effect() == Effect.ALLOW ? "allowed" : "denied";
    return Problems.of(
            409,
            "already_decided",
            "This prompt is already decided.",
            "It was " + what + " (" + who + ") at " + decision.decidedAt() + ".")
        .member("decision", decision);
  }
}

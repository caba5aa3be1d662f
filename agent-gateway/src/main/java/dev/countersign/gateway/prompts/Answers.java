package dev.countersign.gateway.prompts;

import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.kafka.ReplyListener;
import dev.countersign.gateway.kafka.ReplyMarks;
import dev.countersign.gateway.kafka.Sender;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.AnswerReply.Outcome;
import dev.countersign.protocol.PermissionAnswer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends what a person chose, and waits for what became of it. The same answer sent again under its
 * answer id gets the same reply; because a reply may be lost, the gateway itself asks that way.
 */
@ApplicationScoped
public class Answers {
  /** An "always" is stored before it counts; after 30 s it is given up. Together a little more. */
  private static final int ROUNDS = 4;

  private static final long ROUND_SECONDS = 8;

  private final Sender sender;
  private final ReplyListener replies;
  private final ReplyMarks marks;
  private final Upstream upstream;

  public Answers(Sender sender, ReplyListener replies, ReplyMarks marks, Upstream upstream) {
    this.sender = sender;
    this.replies = replies;
    this.marks = marks;
    this.upstream = upstream;
  }

  /**
   * Answers a prompt.
   *
   * @return the reply; empty if it is taken but not settled yet. Fails with 409 {@code
   *     already_decided} if another decision stands, or with why the answer was refused
   */
  public CompletableFuture<Optional<AnswerReply>> answer(
      Caller person, AnswerTarget target, String answerId, AnswerBody body) {
    if (!person.isPerson()) {
      throw Problems.agentsCannotAnswer();
    }
    PermissionAnswer given = answerOf(person, target, answerId, body, body.digest());
    if (body.digest() != null && !target.namesMore()) {
      return send(person, given);
    }
    return read(person, target.promptId())
        .thenApply(
            stored -> {
              target.mustBe(stored);
              String seen = body.digest() == null ? stored.digest() : body.digest();
              return answerOf(person, target, answerId, body, seen);
            })
        .thenCompose(answer -> send(person, answer));
  }

  private CompletableFuture<Optional<AnswerReply>> send(Caller person, PermissionAnswer answer) {
    String mark = marks.next();
    CompletableFuture<AnswerReply> reply =
        replies.answers().register(mark, came -> isAbout(person, answer, came));
    return rounds(person, answer, mark, reply, ROUNDS)
        .thenApply(came -> came.map(AnswerReplies::accepted))
        .whenComplete((result, failure) -> reply.cancel(false));
  }

  private CompletableFuture<Optional<AnswerReply>> rounds(
      Caller person,
      PermissionAnswer answer,
      String mark,
      CompletableFuture<AnswerReply> reply,
      int left) {
    return sender
        .sendAsserted(answer, answer.promptId() + "/" + answer.answerId(), person, mark)
        .thenCompose(sent -> reply.copy().completeOnTimeout(null, ROUND_SECONDS, TimeUnit.SECONDS))
        .thenCompose(
            came ->
                came != null || left == 1
                    ? CompletableFuture.completedFuture(Optional.ofNullable(came))
                    : rounds(person, answer, mark, reply, left - 1));
  }

  private static boolean isAbout(Caller person, PermissionAnswer answer, AnswerReply reply) {
    boolean same =
        answer.tenant().equals(reply.tenant())
            && answer.promptId().equals(reply.promptId())
            && answer.answerId().equals(reply.answerId());
    boolean theirs =
        reply.outcome() != Outcome.ACCEPTED
            || reply.decision() != null && person.user().equals(reply.decision().user());
    return same && theirs;
  }

  private CompletableFuture<StoredPrompt> read(Caller person, String promptId) {
    return upstream
        .get(Upstream.Service.APPROVAL, "/internal/prompts/" + Upstream.encode(promptId), person)
        .thenApply(reply -> reply.as(StoredPrompt.class).known());
  }

  private static PermissionAnswer answerOf(
      Caller person, AnswerTarget target, String answerId, AnswerBody body, String digest) {
    return new PermissionAnswer(
        person.tenant(),
        target.promptId(),
        answerId,
        body.optionId(),
        digest,
        body.feedback(),
        body.editedInput());
  }
}

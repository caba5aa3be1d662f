package dev.countersign.gateway.sessions;

import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.kafka.ReplyListener;
import dev.countersign.gateway.kafka.ReplyMarks;
import dev.countersign.gateway.kafka.Sender;
import dev.countersign.gateway.requests.InFlight;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.SessionView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Sends session commands and waits for what became of them. */
@ApplicationScoped
public class SessionCommands {
  private static final long WAIT_SECONDS = 10;

  private final Sender sender;
  private final ReplyListener replies;
  private final ReplyMarks marks;
  private final Upstream upstream;
  private final InFlight inFlight;

  public SessionCommands(
      Sender sender,
      ReplyListener replies,
      ReplyMarks marks,
      Upstream upstream,
      InFlight inFlight) {
    this.sender = sender;
    this.replies = replies;
    this.marks = marks;
    this.upstream = upstream;
    this.inFlight = inFlight;
  }

  /**
   * Starts a session that its caller may then be given a token for. Replies are signed by nobody,
   * so none is believed here: the session is read from the approval service in its caller's name,
   * and must be the one that the command is about. Sending the command again is safe.
   *
   * @return the session as it is stored, open; fails with the problem if it was refused
   */
  public CompletableFuture<SessionView> start(Caller caller, SessionCommand command) {
    return send(caller, command)
        .thenCompose(reply -> read(caller, command.sessionId()))
        .thenApply(
            stored -> {
              if (stored.closedAt() != null) {
                throw closed("It was closed; a closed session stays closed.");
              }
              return SessionProof.checked(caller, command, stored);
            });
  }

  /**
   * Carries out a command. Sending it again under the same command id is safe. What comes back
   * counts only if it is about this very command; it tells the caller what became of it, and proves
   * nothing.
   *
   * @return the session as it then stands; fails with the problem if it was refused, or if too many
   *     requests of the user wait already
   */
  public CompletableFuture<SessionView> send(Caller caller, SessionCommand command) {
    return inFlight.count(caller, () -> sent(caller, command));
  }

  private CompletableFuture<SessionView> sent(Caller caller, SessionCommand command) {
    String mark = marks.next();
    CompletableFuture<SessionReply> reply =
        replies.sessions().register(mark, came -> isAbout(command, came));
    CompletableFuture<Void> sent;
    try {
      sent = sender.sendAsserted(command, command.commandId(), caller, mark);
    } catch (RuntimeException e) {
      reply.cancel(false);
      throw e;
    }
    return sent.thenCompose(ok -> reply.completeOnTimeout(null, WAIT_SECONDS, TimeUnit.SECONDS))
        .thenCompose(
            came ->
                came == null
                    ? stored(caller, command)
                    : CompletableFuture.completedFuture(result(came)))
        .thenApply(view -> SessionProof.checked(caller, command, view))
        .whenComplete((view, failure) -> reply.cancel(false));
  }

  private static boolean isAbout(SessionCommand command, SessionReply reply) {
    return command.tenant().equals(reply.tenant())
        && command.commandId().equals(reply.commandId())
        && command.sessionId().equals(reply.sessionId());
  }

  /** Reads a session as its caller may see it. */
  public CompletableFuture<SessionView> read(Caller caller, String sessionId) {
    return upstream
        .get(Upstream.Service.APPROVAL, "/internal/sessions/" + Upstream.encode(sessionId), caller)
        .thenApply(reply -> reply.as(SessionView.class));
  }

  /** No reply came: what is stored shows whether a start or a close was carried out. */
  private CompletableFuture<SessionView> stored(Caller caller, SessionCommand command) {
    ProblemException unknown =
        Problems.unavailable(
            "no_reply",
            "No reply came in time; send it again with the same Idempotency-Key and session id.");
    return read(caller, command.sessionId())
        .handle(
            (view, failure) -> {
              boolean done =
                  failure == null
                      && switch (command.action()) {
                        case START -> view.closedAt() == null;
                        case CLOSE -> view.closedAt() != null;
                        case SET -> false;
                      };
              if (!done) {
                throw new CompletionException(unknown);
              }
              return view;
            });
  }

  private static ProblemException closed(String detail) {
    return Problems.of(409, "session_closed", "This session is closed.", detail);
  }

  private static SessionView result(SessionReply reply) {
    if (reply.ok() && reply.session() != null) {
      return reply.session();
    }
    String detail = reply.detail() == null ? "The command was refused." : reply.detail();
    throw new CompletionException(
        switch (reply.code()) {
          case "unknown_session" ->
              Problems.of(404, reply.code(), "This session is not known.", detail);
          case "newer_schema" -> Problems.unavailable(reply.code(), detail);
          case "command_id_reused" ->
              Problems.of(409, reply.code(), "This id stands for another command.", detail);
          case "session_exists" ->
              Problems.of(409, reply.code(), "This session exists already.", detail);
          case "session_closed" -> closed(detail);
          case "too_many_sessions" ->
              Problems.of(409, reply.code(), "Too many sessions are open.", detail);
          case "not_yours", "not_your_session" ->
              Problems.of(403, reply.code(), "This session is another one's.", detail);
          case "not_entitled" -> Problems.notEntitled(reply.field(), detail);
          default ->
              reply.field() == null
                  ? Problems.of(400, reply.code(), "The command is not valid.", detail)
                  : Problems.invalid(400, reply.code(), reply.field(), detail);
        });
  }
}

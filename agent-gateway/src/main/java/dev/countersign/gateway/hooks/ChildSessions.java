package dev.countersign.gateway.hooks;

import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.gateway.sessions.SessionCommands;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Engine;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.SessionView;
import dev.countersign.protocol.token.TokenClaims;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Gives every session of an agent its own child below the session of the agent's token. What is
 * remembered here only saves a command: starting a child that exists is harmless.
 */
@ApplicationScoped
public class ChildSessions {
  private static final int REMEMBERED = 10_000;
  private static final int MAX_SUCCESSORS = 100;
  private static final Duration RENEW_BEFORE = Duration.ofMinutes(10);

  private record Key(String tenant, String parent, String child) {}

  private final SessionCommands commands;
  private final Identity identity;
  private final Map<Key, CompletableFuture<Caller>> open =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, CompletableFuture<Caller>> eldest) {
          return size() > REMEMBERED;
        }
      };

  public ChildSessions(SessionCommands commands, Identity identity) {
    this.commands = commands;
    this.identity = identity;
  }

  /**
   * The caller of an agent's session; its child is started if it never ran.
   *
   * @param restart whether a child that was closed is followed by a new one; else that fails
   */
  CompletableFuture<Caller> child(Caller parent, AgentSession session, boolean restart) {
    Key key = new Key(parent.tenant(), parent.session(), session.id());
    synchronized (open) {
      CompletableFuture<Caller> known = open.get(key);
      if (known != null && isUsable(known)) {
        return known;
      }
      CompletableFuture<Caller> started =
          first(parent, session)
              .thenCompose(
                  view ->
                      view.isPresent()
                          ? CompletableFuture.completedFuture(view.get())
                          : successor(parent, session, 2, restart))
              .thenApply(view -> callerOf(parent, view));
      open.put(key, started);
      started.whenComplete(
          (caller, failure) -> {
            if (failure != null) {
              forget(key, started);
            }
          });
      return started;
    }
  }

  /** Forgets an agent's session, because its child was closed. */
  void forget(Caller parent, AgentSession session) {
    synchronized (open) {
      open.remove(new Key(parent.tenant(), parent.session(), session.id()));
    }
  }

  /** Closes the child of an agent's session. */
  CompletableFuture<SessionView> close(Caller parent, AgentSession session, String reason) {
    return child(parent, session, false)
        .thenCompose(
            child ->
                commands.send(
                    parent,
                    new SessionCommand(
                        parent.tenant(),
                        UUID.randomUUID().toString(),
                        child.session(),
                        SessionCommand.Action.CLOSE,
                        null,
                        null,
                        null,
                        reason)))
        .whenComplete((view, failure) -> forget(parent, session));
  }

  private void forget(Key key, CompletableFuture<Caller> entry) {
    synchronized (open) {
      open.remove(key, entry);
    }
  }

  private static boolean isUsable(CompletableFuture<Caller> known) {
    return !known.isDone()
        || !known.isCompletedExceptionally()
            && Instant.now().isBefore(known.join().claims().expiresAt().minus(RENEW_BEFORE));
  }

  /** The child that bears the session's own name; empty if it is closed. */
  private CompletableFuture<Optional<SessionView>> first(Caller parent, AgentSession session) {
    return start(parent, session, session.id())
        .handle(
            (view, failure) -> {
              if (failure == null) {
                return Optional.of(view).filter(open -> open.closedAt() == null);
              }
              if (isProblem(failure, "session_closed")) {
                return Optional.empty();
              }
              throw failure instanceof CompletionException wrapped
                  ? wrapped
                  : new CompletionException(failure);
            });
  }

  /** An agent may take up a session that had ended: that is a child of its own. */
  private CompletableFuture<SessionView> successor(
      Caller parent, AgentSession session, int number, boolean restart) {
    String id = session.id() + ":" + number;
    return commands
        .read(parent, id)
        .handle(
            (view, failure) -> {
              if (failure == null && view.closedAt() == null) {
                return CompletableFuture.completedFuture(view);
              }
              if (failure == null && number < MAX_SUCCESSORS) {
                return successor(parent, session, number + 1, restart);
              }
              if (failure != null && !isProblem(failure, "unknown_session")) {
                return CompletableFuture.<SessionView>failedFuture(failure);
              }
              return restart && failure != null
                  ? start(parent, session, id)
                  : CompletableFuture.<SessionView>failedFuture(closed());
            })
        .thenCompose(view -> view);
  }

  /** The child sets no mode of its own: at any time it may what its parent may. */
  private CompletableFuture<SessionView> start(
      Caller parent, AgentSession session, String childId) {
    return commands
        .read(parent, parent.session())
        .thenCompose(
            view ->
                commands.send(
                    parent,
                    new SessionCommand(
                        parent.tenant(),
                        commandId(parent, childId),
                        childId,
                        SessionCommand.Action.START,
                        null,
                        parent.session(),
                        inherited(view, session),
                        null)));
  }

  private Caller callerOf(Caller parent, SessionView child) {
    Instant now = Instant.now();
    String client = Optional.ofNullable(parent.claims().text(TokenClaims.CLIENT)).orElse("gateway");
    return identity.ownSession(
        identity.sessionToken(parent.tenant(), child.sessionId(), child.owner(), client, now), now);
  }

  private static boolean isProblem(Throwable failure, String code) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof ProblemException problem && problem.problem().code().equals(code);
  }

  private static ProblemException closed() {
    return Problems.of(
        409, "session_closed", "This session is closed.", "Start the agent again to go on.");
  }

  /** The same for every replica, so that a race starts one session. */
  private static String commandId(Caller parent, String childId) {
    return "start-" + Digest.of(parent.session() + "/" + childId).substring(0, 40);
  }

  private static SessionSettings inherited(SessionView parent, AgentSession session) {
    List<String> roots =
        parent.workspaceRoots().isEmpty() && session.workspace() != null
            ? List.of(session.workspace())
            : parent.workspaceRoots();
    return new SessionSettings(
        null,
        null,
        null,
        null,
        null,
        roots.isEmpty() ? null : roots,
        null,
        null,
        null,
        null,
        new Engine(session.engine(), null, null, null));
  }
}

package dev.countersign.gateway.hooks;

import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.gateway.sessions.SessionCommands;
import dev.countersign.protocol.Engine;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.SessionView;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
   * The caller of an agent's session; its child is started if it never ran. The child outlives the
   * agent's runs: a session that the agent takes up again is the same child. Fails with {@code
   * session_closed} if a person closed it: that is final.
   */
  CompletableFuture<Caller> child(Caller parent, AgentSession session) {
    Key key = new Key(parent.tenant(), parent.session(), session.id());
    synchronized (open) {
      CompletableFuture<Caller> known = open.get(key);
      if (known != null && isUsable(known)) {
        return known;
      }
      CompletableFuture<Caller> started =
          start(parent, session).thenApply(view -> callerOf(parent, view));
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

  /**
   * The child sets no mode of its own: at any time it may what its parent may. Each start is a
   * command of its own, under an id that nobody can take first; replicas that race start one
   * session all the same.
   */
  private CompletableFuture<SessionView> start(Caller parent, AgentSession session) {
    return commands
        .read(parent, parent.session())
        .thenCompose(
            view ->
                commands.start(
                    parent,
                    new SessionCommand(
                        parent.tenant(),
                        UUID.randomUUID().toString(),
                        session.id(),
                        SessionCommand.Action.START,
                        null,
                        parent.session(),
                        inherited(view, session),
                        null)));
  }

  private Caller callerOf(Caller parent, SessionView child) {
    Instant now = Instant.now();
    return identity.ownSession(
        identity.sessionToken(
            parent.tenant(), child.sessionId(), child.owner(), parent.client(), now),
        now);
  }

  /** Whether something failed because the session was closed. */
  static boolean isClosed(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof ProblemException problem
        && problem.problem().code().equals("session_closed");
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

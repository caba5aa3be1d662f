package dev.countersign.gateway.hooks;

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
   * The child's own caller; it is started if it is not known to run.
   *
   * @param workspace the folder it works in; null leaves it to the calls
   */
  CompletableFuture<Caller> child(Caller parent, String childId, String engine, String workspace) {
    Key key = new Key(parent.tenant(), parent.session(), childId);
    synchronized (open) {
      CompletableFuture<Caller> known = open.get(key);
      if (known != null && isUsable(known)) {
        return known;
      }
      CompletableFuture<Caller> started = start(parent, childId, engine, workspace);
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

  /** Forgets a child, because it was closed. */
  void forget(Caller parent, String childId) {
    synchronized (open) {
      open.remove(new Key(parent.tenant(), parent.session(), childId));
    }
  }

  /** Closes a child. */
  CompletableFuture<SessionView> close(Caller parent, String childId, String reason) {
    forget(parent, childId);
    return commands.send(
        parent,
        new SessionCommand(
            parent.tenant(),
            UUID.randomUUID().toString(),
            childId,
            SessionCommand.Action.CLOSE,
            null,
            null,
            null,
            reason));
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

  /** The child may at first what its parent may; every later limit of the parent holds for it. */
  private CompletableFuture<Caller> start(
      Caller parent, String childId, String engine, String workspace) {
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
                        inherited(view, engine, workspace),
                        null)))
        .thenApply(
            view -> {
              Instant now = Instant.now();
              String client =
                  Optional.ofNullable(parent.claims().text(TokenClaims.CLIENT)).orElse("gateway");
              return identity.ownSession(
                  identity.sessionToken(
                      parent.tenant(), view.sessionId(), view.owner(), client, now),
                  now);
            });
  }

  /** The same for every replica, so that a race starts one session. */
  private static String commandId(Caller parent, String childId) {
    return "start-" + Digest.of(parent.session() + "/" + childId).substring(0, 40);
  }

  private static SessionSettings inherited(SessionView parent, String engine, String workspace) {
    List<String> roots =
        parent.workspaceRoots().isEmpty() && workspace != null
            ? List.of(workspace)
            : parent.workspaceRoots();
    return new SessionSettings(
        parent.permissionMode(),
        parent.profile(),
        parent.approvalPolicy(),
        parent.executionPolicy(),
        parent.headless(),
        roots.isEmpty() ? null : roots,
        null,
        null,
        null,
        null,
        new Engine(engine, null, null, null));
  }
}

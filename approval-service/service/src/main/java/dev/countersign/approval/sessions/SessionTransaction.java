package dev.countersign.approval.sessions;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.NewerSchemaException;
import dev.countersign.approval.db.StoredJson;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.profiles.ProfileStore;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Profile;
import dev.countersign.preflight.Preflight;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.SessionSettings;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Carries a session command out, once: the same command of the same sender again gets the same
 * reply.
 */
@ApplicationScoped
public class SessionTransaction {
  private final SessionStore store;
  private final CommandMemory memory;
  private final ProfileStore profiles;
  private final OpenSessions open;
  private final Optional<String> fallback;

  SessionTransaction(
      SessionStore store,
      CommandMemory memory,
      ProfileStore profiles,
      OpenSessions open,
      ApprovalConfig config) {
    this.store = store;
    this.open = open;
    this.memory = memory;
    this.profiles = profiles;
    this.fallback = config.defaultPermissionMode();
  }

  /** Stops the start of a service whose default is no mode: it would be taken for another one. */
  void check(@Observes StartupEvent started) {
    fallback.ifPresent(
        word -> {
          if (PermissionMode.of(word).isEmpty()) {
            throw Preflight.refusal(
                "approval-service",
                "countersign.default-permission-mode is \"%s\" and must be one of %s"
                    .formatted(word, PermissionMode.words()));
          }
        });
  }

  SessionReply run(SqlConnection connection, SessionCommand command, Sender sender) {
    try {
      Optional<byte[]> before = memory.claim(connection, command, sender);
      return before.isPresent()
          ? StoredJson.read(before.get(), SessionReply.class, "the replies to commands")
          : first(connection, command, sender);
    } catch (RefusedException reused) {
      return refused(command, reused.code(), reused.getMessage(), reused.field());
    } catch (NewerSchemaException e) {
      return refused(command, NewerSchemaException.CODE, e.getMessage(), null);
    }
  }

  private SessionReply first(SqlConnection connection, SessionCommand command, Sender sender) {
    try {
      SessionReply reply = handled(connection, command, sender);
      memory.note(connection, command, sender, StoredJson.write(reply));
      return reply;
    } catch (NewerSchemaException e) {
      // Not kept as the command's reply: a newer version of this service can carry it out.
      memory.release(connection, command, sender);
      throw e;
    }
  }

  private SessionReply handled(SqlConnection connection, SessionCommand command, Sender sender) {
    try {
      StoredSession session =
          switch (command.action()) {
            case START -> start(connection, command, sender);
            case SET -> set(connection, command, sender);
            case CLOSE -> close(connection, command, sender);
          };
      List<StoredSession> above = store.ancestors(connection, session.key(), session.path());
      Map<String, Profile> meaning = NamedProfile.meaning(profiles, connection, session, above);
      return new SessionReply(
          command.tenant(),
          command.commandId(),
          command.sessionId(),
          true,
          "ok",
          null,
          null,
          SessionViews.of(session, above, meaning));
    } catch (RefusedException e) {
      return refused(command, e.code(), e.getMessage(), e.field());
    }
  }

  static SessionReply refused(SessionCommand command, String code, String detail, String field) {
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

  private StoredSession start(SqlConnection connection, SessionCommand command, Sender sender) {
    SessionRules.mayStart(sender);
    SessionKey key = key(command);
    NamedProfile named = NamedProfile.hold(profiles, connection, command);
    Optional<StoredSession> found = store.lock(connection, key);
    boolean gives = found.isPresent() && givesWay(connection, found.get(), command, sender);
    if (found.isPresent() && !gives) {
      return same(found.get(), command, sender);
    }
    Optional<SessionRules.Parent> parent =
        Optional.ofNullable(command.parentSessionId())
            .map(id -> parent(connection, new SessionKey(command.tenant(), id)));
    StoredSession wanted = SessionRules.start(command, sender, parent, fallback);
    StoredSession session = named.admitted(gives ? wanted.after(found.get()) : wanted, sender);
    open.admit(connection, session);
    if (gives) {
      store.dropUnstarted(connection, key);
    }
    boolean first = store.insert(connection, session);
    StoredSession stored = store.lock(connection, key).orElseThrow();
    return first ? stored : same(stored, command, sender);
  }

  private static StoredSession same(StoredSession existing, SessionCommand command, Sender sender) {
    if (!SessionRules.sameAs(existing, command, sender)) {
      throw new RefusedException("session_exists", "sessionId", "stands for another session");
    }
    if (existing.closed()) {
      throw new RefusedException("session_closed", null, "The session is closed.");
    }
    return existing;
  }

  /** Whether a session never ran and was closed by somebody who could not speak for this owner. */
  private boolean givesWay(
      SqlConnection connection, StoredSession found, SessionCommand command, Sender sender) {
    if (!found.closed()) {
      return false;
    }
    String owner =
        Optional.ofNullable(command.parentSessionId())
            .flatMap(id -> store.hold(connection, new SessionKey(command.tenant(), id)))
            .map(StoredSession::owner)
            .or(() -> Optional.ofNullable(command.owner()))
            .orElse(sender.person());
    return !found.owner().equals(owner) && store.isUnstarted(connection, found.key());
  }

  private SessionRules.Parent parent(SqlConnection connection, SessionKey key) {
    StoredSession parent =
        store
            .hold(connection, key)
            .orElseThrow(
                () ->
                    new RefusedException("unknown_session", "parentSessionId", "names no session"));
    return new SessionRules.Parent(parent, store.ancestors(connection, key, parent.path()));
  }

  private StoredSession set(SqlConnection connection, SessionCommand command, Sender sender) {
    NamedProfile named = NamedProfile.hold(profiles, connection, command);
    StoredSession session = existing(connection, command);
    List<StoredSession> above = store.ancestors(connection, session.key(), session.path());
    StoredSession changed = SessionRules.set(session, command, sender, above);
    named.check(changed, sender);
    store.update(connection, changed);
    return store.lock(connection, session.key()).orElseThrow();
  }

  private StoredSession close(SqlConnection connection, SessionCommand command, Sender sender) {
    SessionKey key = key(command);
    if (store.lock(connection, key).isEmpty()
        && store.insert(connection, closedFromTheStart(command, sender))) {
      // The close overtook the start: the session begins closed.
      if (!sender.admin()) {
        store.closedUnstarted(connection, key);
      }
      return store.lock(connection, key).orElseThrow();
    }
    SessionRules.close(existing(connection, command), sender);
    store.close(connection, key);
    return store.lock(connection, key).orElseThrow();
  }

  private static StoredSession closedFromTheStart(SessionCommand command, Sender sender) {
    return new StoredSession(
        key(command),
        SessionRules.closesFor(command, sender),
        null,
        List.of(),
        Settings.with(SessionSettings.none(), "default", null, null),
        "default",
        List.of(),
        1,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private StoredSession existing(SqlConnection connection, SessionCommand command) {
    return store
        .lock(connection, key(command))
        .orElseThrow(
            () -> new RefusedException("unknown_session", null, "There is no such session."));
  }

  private static SessionKey key(SessionCommand command) {
    return new SessionKey(command.tenant(), command.sessionId());
  }
}

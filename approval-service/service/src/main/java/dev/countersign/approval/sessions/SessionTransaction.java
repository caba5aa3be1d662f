package dev.countersign.approval.sessions;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.NewerSchemaException;
import dev.countersign.approval.db.StoredJson;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.profiles.ProfileStore;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Profile;
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

/** Carries a session command out, once: the same command again gets the same reply. */
@ApplicationScoped
public class SessionTransaction {
  private final SessionStore store;
  private final ProfileStore profiles;
  private final Optional<String> fallback;

  public SessionTransaction(SessionStore store, ProfileStore profiles, ApprovalConfig config) {
    this.store = store;
    this.profiles = profiles;
    this.fallback = config.defaultPermissionMode();
  }

  /** Stops the start of a service whose default is no mode: it would be taken for another one. */
  void check(@Observes StartupEvent started) {
    fallback.ifPresent(
        word -> {
          if (PermissionMode.of(word).isEmpty()) {
            throw new IllegalStateException(
                "countersign.default-permission-mode is \"%s\" and must be one of %s"
                    .formatted(word, PermissionMode.words()));
          }
        });
  }

  SessionReply run(SqlConnection connection, SessionCommand command, Sender sender) {
    try {
      Optional<byte[]> before = store.answered(connection, command.tenant(), command.commandId());
      if (before.isPresent()) {
        return StoredJson.read(before.get(), SessionReply.class, "the replies to commands");
      }
      SessionReply reply = handled(connection, command, sender);
      store.answer(connection, command.tenant(), command.commandId(), StoredJson.write(reply));
      return reply;
    } catch (NewerSchemaException e) {
      // Not noted as the command's reply: a newer version of this service can carry it out.
      return refused(command, NewerSchemaException.CODE, e.getMessage(), null);
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
    SessionKey key = key(command);
    NamedProfile named = NamedProfile.hold(profiles, connection, command);
    Optional<StoredSession> existing = store.lock(connection, key);
    if (existing.isPresent()) {
      if (!SessionRules.sameAs(existing.get(), command, sender)) {
        throw new RefusedException("session_exists", "sessionId", "stands for another session");
      }
      if (existing.get().closed()) {
        throw new RefusedException("session_closed", null, "The session is closed.");
      }
      return existing.get();
    }
    Optional<SessionRules.Parent> parent =
        Optional.ofNullable(command.parentSessionId())
            .map(id -> parent(connection, new SessionKey(command.tenant(), id)));
    StoredSession session = SessionRules.start(command, sender, parent, fallback);
    store.insert(connection, named.admitted(session, sender));
    return store.lock(connection, key).orElseThrow();
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
    Optional<StoredSession> session = store.lock(connection, key(command));
    if (session.isEmpty()) {
      if (sender.agent()) {
        throw new RefusedException("unknown_session", null, "There is no such session.");
      }
      // The close overtook the start: the session begins closed.
      store.insert(connection, closedFromTheStart(command, sender));
    } else {
      SessionRules.close(session.get(), sender);
      store.close(connection, session.get().key());
    }
    return store.lock(connection, key(command)).orElseThrow();
  }

  private static StoredSession closedFromTheStart(SessionCommand command, Sender sender) {
    return new StoredSession(
        key(command),
        command.owner() == null ? sender.person() : command.owner(),
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

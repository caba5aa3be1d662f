package dev.countersign.approval.sessions;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.profiles.ProfileStore;
import dev.countersign.protocol.SessionView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads sessions for those who may see them. */
@ApplicationScoped
public class SessionReader {
  private final SessionStore store;
  private final ProfileStore profiles;
  private final Database database;

  public SessionReader(SessionStore store, ProfileStore profiles, Database database) {
    this.store = store;
    this.profiles = profiles;
    this.database = database;
  }

  /** A session as it is stored. */
  public Optional<StoredSession> find(SessionKey key) {
    return store.find(key);
  }

  /** What a session can do, for its model. */
  public Capabilities capabilities(StoredSession session) {
    return database.transaction(
        connection -> {
          List<StoredSession> chain =
              new ArrayList<>(store.ancestors(connection, session.key(), session.path()));
          var meaning = NamedProfile.meaning(profiles, connection, session, chain);
          chain.add(session);
          return Capabilities.of(
              session, SessionRules.effective(SessionRules.settings(chain), meaning));
        });
  }

  /** A session's effective permissions. */
  public SessionView view(StoredSession session) {
    return database.transaction(
        connection -> {
          List<StoredSession> above = store.ancestors(connection, session.key(), session.path());
          return SessionViews.of(
              session, above, NamedProfile.meaning(profiles, connection, session, above));
        });
  }
}

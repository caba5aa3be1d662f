package dev.countersign.approval.sessions;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.protocol.SessionView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Reads sessions for those who may see them. */
@ApplicationScoped
public class SessionReader {
  private final SessionStore store;
  private final Database database;

  public SessionReader(SessionStore store, Database database) {
    this.store = store;
    this.database = database;
  }

  /** A session as it is stored. */
  public Optional<StoredSession> find(SessionKey key) {
    return store.find(key);
  }

  /** A session's effective permissions. */
  public SessionView view(StoredSession session) {
    return database.transaction(
        connection ->
            SessionViews.of(session, store.ancestors(connection, session.key(), session.path())));
  }
}

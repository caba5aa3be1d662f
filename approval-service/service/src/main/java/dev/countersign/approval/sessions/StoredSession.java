package dev.countersign.approval.sessions;

import dev.countersign.approval.db.StoredJson;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.requests.RequestRows;
import dev.countersign.protocol.SessionSettings;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.List;

/**
 * A session as it is stored.
 *
 * @param parent null for a root session
 * @param path the ids of the sessions above it, root first
 * @param settings its own, after ceilings; the mode is always named
 * @param closedAt null while it is open
 */
public record StoredSession(
    SessionKey key,
    String owner,
    String parent,
    List<String> path,
    SessionSettings settings,
    String modeSource,
    List<String> warnings,
    long version,
    Instant createdAt,
    Instant closedAt) {
  public StoredSession {
    path = List.copyOf(path);
    warnings = List.copyOf(warnings);
  }

  public boolean closed() {
    return closedAt != null;
  }

  /** Whether it is the session itself or one below it. */
  public boolean isWithin(String sessionId) {
    return key.id().equals(sessionId) || path.contains(sessionId);
  }

  /** Whether it is below the session, and not the session itself. */
  public boolean isBelow(String sessionId) {
    return path.contains(sessionId);
  }

  /** The same with the version after another's. */
  StoredSession after(StoredSession other) {
    return new StoredSession(
        key,
        owner,
        parent,
        path,
        settings,
        modeSource,
        warnings,
        other.version() + 1,
        createdAt,
        closedAt);
  }

  /** The same with other settings. */
  StoredSession with(SessionSettings changed, List<String> why) {
    return new StoredSession(
        key, owner, parent, path, changed, modeSource, why, version, createdAt, closedAt);
  }

  static StoredSession read(Row row) {
    return new StoredSession(
        new SessionKey(row.getString("tenant"), row.getString("id")),
        row.getString("owner"),
        row.getString("parent"),
        List.of(row.getArrayOfStrings("path")),
        StoredJson.read(
            row.getString("settings"), SessionSettings.class, "the settings of a session"),
        row.getString("mode_source"),
        List.of(row.getArrayOfStrings("warnings")),
        row.getLong("version"),
        RequestRows.instant(row, "created_at"),
        RequestRows.instant(row, "closed_at"));
  }
}

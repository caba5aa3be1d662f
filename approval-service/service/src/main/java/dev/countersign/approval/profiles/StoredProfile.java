package dev.countersign.approval.profiles;

import dev.countersign.approval.requests.RequestRows;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;

/**
 * A custom profile as it is stored.
 *
 * @param owner who wrote it first
 * @param document null once it was deleted
 * @param version grows with every change, also beyond a deletion
 */
public record StoredProfile(
    String tenant,
    String name,
    String owner,
    ProfileDocument document,
    long version,
    String changedBy,
    Instant changedAt) {

  /** The word that names a custom profile in a session's settings. */
  public static String word(String name) {
    return "custom(" + name + ")";
  }

  /** The word that names it. */
  public String word() {
    return word(name);
  }

  boolean deleted() {
    return document == null;
  }

  /** Whether sessions of a user may use it. */
  public boolean servesSessionsOf(String user) {
    return !deleted() && (document.shared() || owner.equals(user));
  }

  static StoredProfile read(Row row) {
    String body = row.getString("body");
    return new StoredProfile(
        row.getString("tenant"),
        row.getString("name"),
        row.getString("owner"),
        body == null ? null : ProfileReader.stored(body),
        row.getLong("version"),
        row.getString("changed_by"),
        RequestRows.instant(row, "changed_at"));
  }
}

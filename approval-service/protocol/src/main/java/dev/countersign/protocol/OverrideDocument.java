package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A user's whole document. Readers keep the highest version per user and ignore lower ones; the
 * versions of a user have no gap, unless the database was set back, and go on after an erase.
 *
 * @param erasedVersion the version that the latest erase made, for readers that never saw its
 *     tombstone; null if there was none
 * @param erasureId of that erase; null if there was none, or for one of before erases had ids
 */
public record OverrideDocument(
    String tenant,
    String user,
    long version,
    JsonNode document,
    Long erasedVersion,
    String erasureId)
    implements Event {
  /** The document of a user who never erased one. */
  public OverrideDocument(String tenant, String user, long version, JsonNode document) {
    this(tenant, user, version, document, null, null);
  }

  public OverrideDocument {
    tenant = Require.tenant(tenant);
    user = Require.user("user", user);
    document = Require.present("document", Require.object("document", document));
    if (version < 1) {
      throw new InvalidEventException("version", "starts at 1");
    }
    if (erasedVersion != null && (erasedVersion < 1 || erasedVersion > version)) {
      throw new InvalidEventException("erasedVersion", "must be from 1 to the version");
    }
    if (erasureId != null) {
      Require.id("erasureId", erasureId);
    }
  }

  /** The latest erase; null if there was none. */
  @JsonIgnore
  public Erasure erasure() {
    return Erasure.of(erasedVersion, erasureId);
  }

  /** The user; behind the tenant and a slash where either is not plain: no tenant holds one. */
  @Override
  public String key() {
    return keyOf(tenant, user);
  }

  /** The key of a user's records. */
  public static String keyOf(String tenant, String user) {
    boolean plain = tenant.equals(Require.DEFAULT_TENANT) && user.indexOf('/') < 0;
    return plain ? user : tenant + "/" + user;
  }

  /** The user that a record's key stands for; a tombstone has nothing else to tell it. */
  public static String userOf(String key) {
    return key.substring(key.indexOf('/') + 1);
  }
}

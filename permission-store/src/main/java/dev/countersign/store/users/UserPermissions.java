package dev.countersign.store.users;

import dev.countersign.document.DocumentText;
import dev.countersign.protocol.Erasure;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;

/**
 * What one user settled: the document, and the version that every accepted change raises by one.
 */
@Entity
@Table(name = "user_permissions")
public class UserPermissions extends PanacheEntityBase {
  @EmbeddedId public UserKey key;

  @Column(nullable = false)
  public long version;

  /** In its normal form. */
  @Column(nullable = false)
  public String document;

  /** True from an erase until the next change. */
  @Column(nullable = false)
  public boolean erased;

  /** The version that the latest erase made; null if there was none. */
  @Column(name = "erased_version")
  public Long erasedVersion;

  /** Of that erase; null if there was none, or for one of before erases had ids. */
  @Column(name = "erasure_id")
  public String erasureId;

  /** The highest version known to be on the topic; only the publisher writes it. */
  @Column(name = "published_version", nullable = false, insertable = false, updatable = false)
  public long publishedVersion;

  /** When the first of what was settled until a time ends; null if nothing was. */
  @Column(name = "next_end")
  public Instant nextEnd;

  @Column(name = "updated_at", nullable = false)
  public Instant updatedAt;

  /** A user who settled nothing yet; not stored before the first change. */
  static UserPermissions none(UserKey key) {
    UserPermissions user = new UserPermissions();
    user.key = key;
    user.document = DocumentText.EMPTY;
    return user;
  }

  /** Notes that the document was erased. */
  void erased(Erasure erasure) {
    erasedVersion = erasure.version();
    erasureId = erasure.id();
  }

  /** A detached copy, safe to use after the transaction. */
  public Snapshot snapshot() {
    return new Snapshot(key, version, document, erased, Erasure.of(erasedVersion, erasureId));
  }

  /**
   * A user's document at one moment.
   *
   * @param version 0 before the first change
   * @param erasure the latest erase; null if there was none
   */
  public record Snapshot(
      UserKey key, long version, String document, boolean erased, Erasure erasure) {}
}

package dev.countersign.protocol;

import java.util.stream.Stream;

/**
 * The latest erase of a user's document.
 *
 * @param version the version of the document that it made
 * @param id tells it from an erase that made the same version of a document in another database;
 *     null for one of before erases had ids
 */
public record Erasure(long version, String id) {
  public Erasure {
    if (version < 1) {
      throw new InvalidEventException("erasedVersion", "starts at 1");
    }
    if (id != null) {
      Require.id("erasureId", id);
    }
  }

  /** Null where no version is named: there was none. */
  public static Erasure of(Long version, String id) {
    return version == null ? null : new Erasure(version, id);
  }

  /** Whether both made the same version, and are not the same erase. */
  public boolean isOtherThan(Erasure erasure) {
    return version == erasure.version && id != null && erasure.id != null && !id.equals(erasure.id);
  }

  /** The later of two, each null if there was none; of one version the second. */
  public static Erasure latest(Erasure first, Erasure second) {
    return Stream.of(first, second)
        .filter(erasure -> erasure != null)
        .reduce((a, b) -> a.version > b.version ? a : b)
        .orElse(null);
  }
}

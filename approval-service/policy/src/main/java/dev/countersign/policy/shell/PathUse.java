package dev.countersign.policy.shell;

/**
 * A path a command touches, as written.
 *
 * @param found what a search found below the path, if the command touches only that; else null
 * @param below whether the command reads all below the path, if it is a folder
 */
public record PathUse(Word path, Use use, Found found, boolean below) {
  /** How. */
  public enum Use {
    READ,
    WRITE,
    DELETE
  }

  /** The path itself. */
  public PathUse(Word path, Use use) {
    this(path, use, null, false);
  }

  /** Some of what lies below the path. */
  public PathUse(Word path, Use use, Found found) {
    this(path, use, found, false);
  }

  /** The path and all below it. */
  PathUse withAllBelow() {
    return new PathUse(path, use, found, true);
  }
}

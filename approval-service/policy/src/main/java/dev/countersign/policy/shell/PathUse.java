package dev.countersign.policy.shell;

/**
 * A path a command touches, as written.
 *
 * @param found what a search found below the path, if the command touches only that; else null
 */
public record PathUse(Word path, Use use, Found found) {
  /** How. */
  public enum Use {
    READ,
    WRITE,
    DELETE
  }

  /** The path itself. */
  public PathUse(Word path, Use use) {
    this(path, use, null);
  }
}

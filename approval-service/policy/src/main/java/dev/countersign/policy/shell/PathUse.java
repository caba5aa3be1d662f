package dev.countersign.policy.shell;

/** A path a command touches, as written. */
public record PathUse(Word path, Use use) {
  /** How. */
  public enum Use {
    READ,
    WRITE,
    DELETE
  }
}

package dev.countersign.policy.parts;

/**
 * Why a part is not known for certain. It is never allowed by a wildcard or by what a mode covers
 * short of full access.
 */
public record Doubt(Kind kind, String why) {
  /** What is in doubt. */
  public enum Kind {
    /** Which program runs. */
    COMPUTED,
    /** What a program does that is not read. */
    OPAQUE,
    /** What the script says at all. */
    UNREADABLE,
    /** How the text reads to a person. */
    UNCLEAR,
    /** What the input means at all. */
    MALFORMED
  }

  /** Whether no rule and no override may allow the part, not even an exact one. */
  public boolean blocksRules() {
    return switch (kind) {
      case COMPUTED, OPAQUE -> false;
      case UNREADABLE, UNCLEAR, MALFORMED -> true;
    };
  }

  /**
   * Whether it cannot be told what would happen, not even roughly: full access does not cover it.
   */
  public boolean blocksAll() {
    return kind == Kind.UNREADABLE || kind == Kind.MALFORMED;
  }
}

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
    /** How the text reads to a person. */
    UNCLEAR,
    /** What the input means at all. */
    MALFORMED
  }
}

package dev.countersign.policy.shell;

/**
 * A word of a command after quotes were removed.
 *
 * @param text the word; what could not be resolved stands in it as written ({@code $DIR/x})
 * @param certainty how far {@code text} is what the program will see
 */
public record Word(String text, Certainty certainty) {
  /** How far a word is known. */
  public enum Certainty {
    /** Exactly this text. */
    LITERAL,
    /** Holds unquoted {@code * ? [}: file names that fit. */
    GLOB,
    /** The same with a class of characters of which quoted ones mean only themselves. */
    QUOTED_CLASS,
    /** Holds a variable, substitution, brace expansion or the like: unknown text. */
    EXPANDED,
    /**
     * What a path is written as, seen from a folder that is not known: it tells which files may be
     * meant, and never that nobody knows what is removed.
     */
    SEEMING
  }

  /** Whether it stands for the names of files that fit. */
  public boolean glob() {
    return certainty == Certainty.GLOB || certainty == Certainty.QUOTED_CLASS;
  }

  /** A piece of it, as certain as the whole. */
  public Word with(String piece) {
    return new Word(piece, certainty);
  }

  /** Whether the text is exactly what the program will see. */
  public boolean literal() {
    return certainty == Certainty.LITERAL;
  }
}

package dev.countersign.policy.shell;

import java.util.List;

/**
 * What a command reads from its standard input.
 *
 * @param text literal text, as from {@code echo} or a here-document; null if not known
 * @param paths folders whose files are listed there, as from {@code find src}; empty if not known
 * @param found what is known of these files, if a zero byte ends each; else null
 */
record Input(Kind kind, String text, List<Word> paths, Found found) {
  enum Kind {
    /** Whatever the agent's shell has. */
    NONE,
    /** A file or a command nobody reads. */
    UNKNOWN,
    TEXT,
    /** Paths, each of which becomes a word of a command. */
    PATHS,
    /** What is not known; the paths stand where {@code find} puts them into a command. */
    HANDED
  }

  static final Input NONE = new Input(Kind.NONE, null, List.of(), null);
  static final Input UNKNOWN = new Input(Kind.UNKNOWN, null, List.of(), null);

  static Input text(String text) {
    return new Input(Kind.TEXT, text, List.of(), null);
  }

  static Input paths(List<Word> roots, Found found) {
    return new Input(Kind.PATHS, null, List.copyOf(roots), found);
  }

  static Input handed(List<Word> roots, Found found) {
    return new Input(Kind.HANDED, null, List.copyOf(roots), found);
  }

  /** Whether it says which paths stand where a search puts them. */
  boolean handsPaths() {
    return kind == Kind.PATHS || kind == Kind.HANDED;
  }

  /** The same where blanks and quotes part the paths, too: a piece of a name may be any other. */
  Input split() {
    return new Input(kind, text, paths, null);
  }
}

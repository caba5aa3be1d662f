package dev.countersign.policy.shell;

import java.util.List;

/**
 * What a command reads from its standard input.
 *
 * @param text literal text, as from {@code echo} or a here-document; null if not known
 * @param paths folders whose files are listed there, as from {@code find src}; empty if not known
 */
record Input(Kind kind, String text, List<Word> paths) {
  enum Kind {
    /** Whatever the agent's shell has. */
    NONE,
    /** A file or a command nobody reads. */
    UNKNOWN,
    TEXT,
    PATHS
  }

  static final Input NONE = new Input(Kind.NONE, null, List.of());
  static final Input UNKNOWN = new Input(Kind.UNKNOWN, null, List.of());

  static Input text(String text) {
    return new Input(Kind.TEXT, text, List.of());
  }

  static Input paths(List<Word> roots) {
    return new Input(Kind.PATHS, null, List.copyOf(roots));
  }
}

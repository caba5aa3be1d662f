package dev.countersign.store.imports;

import java.util.regex.Pattern;

/** Tells formats apart by what only one of them has. */
final class Guesses {
  private static final Pattern CODEX = Pattern.compile("(?m)^\\s*prefix_rule\\s*\\(");
  private static final Pattern GEMINI = Pattern.compile("(?m)^\\s*\\[\\[\\s*rule\\s*]]");

  private Guesses() {}

  /** The format; null if it cannot be told. */
  static Format of(String text) {
    if (CODEX.matcher(text).find()) {
      return Format.CODEX;
    }
    if (GEMINI.matcher(text).find()) {
      return Format.GEMINI_CLI;
    }
    try {
      return of(NodeReader.read(text));
    } catch (UnreadableFileException e) {
      return null;
    }
  }

  private static Format of(Node.Fields root) {
    if (root.get("permission").isPresent()) {
      return Format.OPENCODE;
    }
    if (root.get("schemaVersion").isPresent() || root.get("rules").isPresent()) {
      return Format.PERMISSIONS;
    }
    if (root.get("permissions").orElse(null) instanceof Node.Fields) {
      return Format.CLAUDE_CODE;
    }
    if (root.get("tools").orElse(null) instanceof Node.Fields tools) {
      boolean gemini =
          tools.fields().stream()
              .anyMatch(f -> f.key().matches("allowed|exclude|core|confirmationRequired"));
      return gemini ? Format.GEMINI_CLI : Format.PERMISSIONS;
    }
    return root.get("mcpServers").isPresent() ? Format.GEMINI_CLI : null;
  }
}

package dev.countersign.store.imports;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of files that can be imported. */
public enum Format {
  /** {@code PERMISSIONS.json}: our own document, of today or older. */
  PERMISSIONS("permissions", "PERMISSIONS.json", new PermissionsFile()),
  CLAUDE_CODE("claude-code", "settings.json", new ClaudeCodeSettings()),
  /** Policies in TOML, or an older {@code settings.json}. */
  GEMINI_CLI("gemini-cli", "policy.toml", new GeminiFiles()),
  CODEX("codex", "default.rules", new CodexRules()),
  OPENCODE("opencode", "opencode.json", new OpencodeSettings());

  private final String word;
  private final String fileName;
  private final SettingsReader reader;

  Format(String word, String fileName, SettingsReader reader) {
    this.word = word;
    this.fileName = fileName;
    this.reader = reader;
  }

  /** The word for it in requests and reports. */
  public String word() {
    return word;
  }

  /** What such a file is usually called. */
  String fileName() {
    return fileName;
  }

  SettingsReader reader() {
    return reader;
  }

  /** All words, for messages. */
  public static String words() {
    return Arrays.stream(values()).map(Format::word).collect(Collectors.joining(", "));
  }

  public static Optional<Format> of(String word) {
    return Arrays.stream(values()).filter(f -> f.word.equals(word)).findFirst();
  }

  /** What a file seems to be, by what only one format has; empty if that cannot be told. */
  public static Optional<Format> guess(String text) {
    return Optional.ofNullable(Guesses.of(text));
  }
}

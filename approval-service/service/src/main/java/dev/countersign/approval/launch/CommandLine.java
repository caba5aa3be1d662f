package dev.countersign.approval.launch;

import dev.countersign.policy.EffectivePermissions;
import java.util.List;

/** What the command line of one engine says about permissions. */
interface CommandLine {
  /** The one flag that tells the engine what was decided; empty where it has none for that. */
  List<String> flag(EffectivePermissions decided);

  /**
   * How many arguments, from {@code at} on, are a flag that would undo what was decided, with its
   * values; 0 where none begins there. Flags that can only tighten are none.
   */
  int smuggled(List<String> args, int at, EffectivePermissions decided);

  /** The command line of an engine; that of an unknown one where it has no name or another. */
  static CommandLine of(String engine) {
    return switch (String.valueOf(engine)) {
      case "claude-code", "claude" -> new ClaudeCode();
      case "codex" -> new Codex();
      case "gemini-cli", "gemini" -> new GeminiCli();
      case "opencode" -> new Opencode();
      default -> new Unknown();
    };
  }
}

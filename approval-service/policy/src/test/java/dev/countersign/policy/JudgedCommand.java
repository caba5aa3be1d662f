package dev.countersign.policy;

import java.util.List;
import java.util.Map;

/** What becomes of a shell command in {@code /proj}, with {@code /home/u} for a home. */
public final class JudgedCommand {
  private JudgedCommand() {}

  /**
   * The effect of a command.
   *
   * @param rules their texts by effect, as in the input of an evaluation
   */
  public static String effect(String mode, Map<String, List<String>> rules, String command) {
    return (String)
        Evaluation.evaluate(
                Map.of(
                    "mode",
                    mode,
                    "rules",
                    rules,
                    "toolCall",
                    Map.of(
                        "tool", "Bash",
                        "cwd", "/proj",
                        "home", "/home/u",
                        "input", Map.of("command", command))))
            .get("effect");
  }
}

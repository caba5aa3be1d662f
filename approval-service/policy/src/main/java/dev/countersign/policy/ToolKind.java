package dev.countersign.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a tool does, in the words of the Agent Client Protocol. Comes from the tool catalogue, never
 * from the agent.
 */
public enum ToolKind {
  READ("read"),
  EDIT("edit"),
  DELETE("delete"),
  MOVE("move"),
  SEARCH("search"),
  EXECUTE("execute"),
  THINK("think"),
  FETCH("fetch"),
  SWITCH_MODE("switch_mode"),
  OTHER("other");

  private final String word;

  ToolKind(String word) {
    this.word = word;
  }

  /** The word that stands for it everywhere outside Java. */
  public String word() {
    return word;
  }

  /** The one a word names, matched exactly, case included. */
  public static Optional<ToolKind> of(String word) {
    return Arrays.stream(values()).filter(v -> v.word.equals(word)).findFirst();
  }

  /** All words, for an error message. */
  public static String words() {
    return Arrays.stream(values()).map(ToolKind::word).collect(Collectors.joining(", "));
  }
}

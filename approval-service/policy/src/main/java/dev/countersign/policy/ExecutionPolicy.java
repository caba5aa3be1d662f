package dev.countersign.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** How independent work is scheduled. */
public enum ExecutionPolicy {
  FOREGROUND_ONLY("foreground_only"),
  BACKGROUND_PREFERRED("background_preferred"),
  FLEET_PREFERRED("fleet_preferred");

  private final String word;

  ExecutionPolicy(String word) {
    this.word = word;
  }

  /** The word that stands for it everywhere outside Java. */
  public String word() {
    return word;
  }

  /** The one a word names, matched exactly, case included. */
  public static Optional<ExecutionPolicy> of(String word) {
    return Arrays.stream(values()).filter(v -> v.word.equals(word)).findFirst();
  }

  /** All words, for an error message. */
  public static String words() {
    return Arrays.stream(values()).map(ExecutionPolicy::word).collect(Collectors.joining(", "));
  }
}

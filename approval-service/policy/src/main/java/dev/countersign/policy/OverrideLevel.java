package dev.countersign.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a user settled. */
public enum OverrideLevel {
  ALWAYS("always"),
  ASK("ask"),
  NEVER("never");

  private final String word;

  OverrideLevel(String word) {
    this.word = word;
  }

  /** The word that stands for it everywhere outside Java. */
  public String word() {
    return word;
  }

  /** The one a word names, matched exactly, case included. */
  public static Optional<OverrideLevel> of(String word) {
    return Arrays.stream(values()).filter(v -> v.word.equals(word)).findFirst();
  }

  /** All words, for an error message. */
  public static String words() {
    return Arrays.stream(values()).map(OverrideLevel::word).collect(Collectors.joining(", "));
  }
}

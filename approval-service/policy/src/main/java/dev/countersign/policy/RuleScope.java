package dev.countersign.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where a rule comes from. */
public enum RuleScope {
  MANAGED("managed"),
  OVERLAY("overlay"),
  PROJECT("project"),
  USER("user"),
  SESSION("session");

  private final String word;

  RuleScope(String word) {
    this.word = word;
  }

  /** The word that stands for it everywhere outside Java. */
  public String word() {
    return word;
  }

  /** The one a word names, matched exactly, case included. */
  public static Optional<RuleScope> of(String word) {
    return Arrays.stream(values()).filter(v -> v.word.equals(word)).findFirst();
  }

  /** All words, for an error message. */
  public static String words() {
    return Arrays.stream(values()).map(RuleScope::word).collect(Collectors.joining(", "));
  }
}

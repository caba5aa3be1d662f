package dev.countersign.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who decided: the stamps of the order of decision. The core itself never says user, timeout or
 * cancelled.
 */
public enum DecidedBy {
  RULE("rule"),
  OVERRIDE("override"),
  GRANT("grant"),
  MODE("mode"),
  DEFAULT("default"),
  POLICY("policy"),
  USER("user"),
  TIMEOUT("timeout"),
  CANCELLED("cancelled"),
  SYSTEM("system");

  private final String word;

  DecidedBy(String word) {
    this.word = word;
  }

  /** The word that stands for it everywhere outside Java. */
  public String word() {
    return word;
  }

  /** The one a word names, matched exactly, case included. */
  public static Optional<DecidedBy> of(String word) {
    return Arrays.stream(values()).filter(v -> v.word.equals(word)).findFirst();
  }

  /** All words, for an error message. */
  public static String words() {
    return Arrays.stream(values()).map(DecidedBy::word).collect(Collectors.joining(", "));
  }
}

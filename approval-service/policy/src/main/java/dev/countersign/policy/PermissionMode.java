package dev.countersign.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The permission modes, in order of authority: a later one covers all that an earlier one does. */
public enum PermissionMode {
  PLAN("plan"),
  DONT_ASK("dontAsk"),
  DEFAULT("default"),
  ACCEPT_EDITS("acceptEdits"),
  AUTO("auto"),
  BYPASS_PERMISSIONS("bypassPermissions");

  private final String word;

  PermissionMode(String word) {
    this.word = word;
  }

  /** The word that stands for it everywhere outside Java. */
  public String word() {
    return word;
  }

  /** The one a word names, matched exactly, case included. */
  public static Optional<PermissionMode> of(String word) {
    return Arrays.stream(values()).filter(v -> v.word.equals(word)).findFirst();
  }

  /** All words, for an error message. */
  public static String words() {
    return Arrays.stream(values()).map(PermissionMode::word).collect(Collectors.joining(", "));
  }
}

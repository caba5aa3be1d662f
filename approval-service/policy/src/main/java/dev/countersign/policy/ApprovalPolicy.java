package dev.countersign.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** When a session must stop and ask. */
public enum ApprovalPolicy {
  ASK_ON_BOUNDARY("ask_on_boundary"),
  APPROVE_TRUSTED("approve_trusted"),
  NEVER_ASK("never_ask"),
  BLOCK_REQUIRES_APPROVAL("block_requires_approval");

  private final String word;

  ApprovalPolicy(String word) {
    this.word = word;
  }

  /** The word that stands for it everywhere outside Java. */
  public String word() {
    return word;
  }

  /** The one a word names, matched exactly, case included. */
  public static Optional<ApprovalPolicy> of(String word) {
    return Arrays.stream(values()).filter(v -> v.word.equals(word)).findFirst();
  }

  /** All words, for an error message. */
  public static String words() {
    return Arrays.stream(values()).map(ApprovalPolicy::word).collect(Collectors.joining(", "));
  }
}

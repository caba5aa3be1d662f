package dev.countersign.policy;

import java.util.List;
import java.util.Map;

/**
 * What the runtime may technically do: one of the four base profiles, or one of them narrowed.
 *
 * @param writableRoots where edits are covered; null: wherever the base covers them
 * @param network hosts that may be fetched; null: as the base says; {@code *} for any
 * @param commands canonical command prefixes that may run; null: as the base says
 */
public record Profile(
    Base base, List<String> writableRoots, List<String> network, List<String> commands) {
  /** The base profiles, from the narrowest to the widest. */
  public enum Base {
    READ_ONLY("read_only"),
    WORKSPACE("workspace"),
    EXTERNAL_SANDBOX("external_sandbox"),
    FULL_ACCESS("full_access");

    private final String word;

    Base(String word) {
      this.word = word;
    }

    /** The word that stands for it everywhere outside Java. */
    public String word() {
      return word;
    }
  }

  public Profile {
    writableRoots = writableRoots == null ? null : List.copyOf(writableRoots);
    network = network == null ? null : List.copyOf(network);
    commands = commands == null ? null : List.copyOf(commands);
  }

  /** A base profile. */
  public static Profile of(Base base) {
    return new Profile(base, null, null, null);
  }

  /** The profile of a mode. */
  public static Profile of(PermissionMode mode) {
    return of(
        switch (mode) {
          case PLAN -> Base.READ_ONLY;
          case DONT_ASK, DEFAULT, ACCEPT_EDITS, AUTO -> Base.WORKSPACE;
          case BYPASS_PERMISSIONS -> Base.FULL_ACCESS;
        });
  }

  /** Whether a word names a profile: one of the four, or {@code custom(name)}. */
  public static boolean isOne(String word) {
    return word.matches("read_only|workspace|full_access|external_sandbox|custom\\([^()]+\\)");
  }

  /** All words, for an error message. */
  public static String words() {
    return "read_only, workspace, full_access, external_sandbox, custom(name)";
  }

  /** The profile a word names; a custom one that nobody declared may only read. */
  static Profile of(String word, Map<String, Profile> custom) {
    for (Base base : Base.values()) {
      if (base.word().equals(word)) {
        return of(base);
      }
    }
    return custom.getOrDefault(word, of(Base.READ_ONLY));
  }
}

package dev.countersign.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the runtime may technically do: one of the four base profiles, or one of them narrowed.
 *
 * @param writableRoots where edits are covered; null: wherever the base covers them
 * @param network hosts that may be contacted; null: as the base says; {@code *} for any; for a
 *     sandbox, the hosts its operator declared
 * @param commands canonical command prefixes that may run besides what is proven to only read;
 *     null: as the base says; {@code *} for any
 */
public record Profile(
    Base base, List<String> writableRoots, List<String> network, List<String> commands) {
  private static final String ANY = "*";

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

    /** The one a word names, matched exactly. */
    public static Optional<Base> of(String word) {
      return Arrays.stream(values()).filter(v -> v.word.equals(word)).findFirst();
    }

    /** All words, for an error message. */
    public static String words() {
      return Arrays.stream(values()).map(Base::word).collect(Collectors.joining(", "));
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

  /** Whether it takes nothing of its base's network away. */
  boolean anyNetwork() {
    return network == null || network.contains(ANY);
  }

  /** Whether it takes none of its base's commands away. */
  boolean anyCommand() {
    return commands == null || commands.contains(ANY);
  }

  /** Whether it takes anything of its base away. */
  public boolean narrowed() {
    return writableRoots != null || !anyNetwork() || !anyCommand();
  }

  /** Whether it needs the authority of {@code bypassPermissions}, however much is taken away. */
  public boolean wide() {
    return base == Base.EXTERNAL_SANDBOX || base == Base.FULL_ACCESS;
  }

  /** The name in {@code custom(name)}; empty if the word names no custom profile. */
  public static Optional<String> customName(String word) {
    return word != null && word.startsWith("custom(") && isOne(word)
        ? Optional.of(word.substring("custom(".length(), word.length() - 1))
        : Optional.empty();
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
    return Base.of(word)
        .map(Profile::of)
        .orElseGet(() -> custom.getOrDefault(word, of(Base.READ_ONLY)));
  }
}

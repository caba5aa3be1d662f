package dev.countersign.policy.rules;

import dev.countersign.policy.parts.CommandText;

/**
 * The specifier of a shell rule: exact text, {@code *} for anything, and a last {@code *} after a
 * blank (or {@code :*}) for "with any arguments or none".
 */
public final class CommandPattern {
  private final TextGlob glob;
  private final TextGlob bare;

  private CommandPattern(TextGlob glob, TextGlob bare) {
    this.glob = glob;
    this.bare = bare;
  }

  /** Reads a specifier. */
  public static CommandPattern of(String text) {
    String trimmed = text.strip();
    if (trimmed.endsWith(":*")) {
      trimmed = trimmed.substring(0, trimmed.length() - 2).stripTrailing() + " *";
    }
    TextGlob bare =
        trimmed.endsWith(" *") ? TextGlob.of(trimmed.substring(0, trimmed.length() - 2)) : null;
    return new CommandPattern(TextGlob.of(trimmed), bare);
  }

  /** Whether it fits every command. */
  public boolean any() {
    return glob.any();
  }

  public boolean exact() {
    return glob.exact();
  }

  /** The text before its first star: what a command must begin with. */
  public String head() {
    return bare != null && bare.exact() ? bare.head() : glob.head();
  }

  /** Whether an allow of it holds. Quoted blanks never stand for a blank in the pattern. */
  public boolean allows(CommandText command) {
    return exact()
        ? glob.matches(command.plain())
            || glob.matches(command.raw())
            || command.outer().stream().anyMatch(glob::matches)
        : fits(command.plain());
  }

  /** Whether a deny or ask of it holds for any way the command may be read. */
  public boolean forbids(CommandText command) {
    return command.readings().stream().anyMatch(this::fits);
  }

  private boolean fits(String text) {
    return glob.matches(text) || bare != null && bare.matches(text);
  }
}

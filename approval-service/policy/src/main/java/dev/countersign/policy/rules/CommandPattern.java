package dev.countersign.policy.rules;

import dev.countersign.policy.parts.CommandText;
import dev.countersign.policy.parts.Grams;
import dev.countersign.policy.shell.Departures;
import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.Script;
import dev.countersign.policy.shell.ShellReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The specifier of a shell rule: exact text, {@code *} for anything, and a last {@code *} after a
 * blank (or {@code :*}) for "with any arguments or none".
 */
public final class CommandPattern {
  private final TextGlob glob;
  private final TextGlob bare;
  private final String unquoted;
  private final List<String> named;

  private CommandPattern(TextGlob glob, TextGlob bare, String unquoted, List<String> named) {
    this.glob = glob;
    this.bare = bare;
    this.unquoted = unquoted;
    this.named = List.copyOf(named);
  }

  /** Reads a specifier. */
  public static CommandPattern of(String text) {
    String trimmed = text.strip();
    if (trimmed.endsWith(":*")) {
      trimmed = trimmed.substring(0, trimmed.length() - 2).stripTrailing() + " *";
    }
    TextGlob bare =
        trimmed.endsWith(" *") ? TextGlob.of(trimmed.substring(0, trimmed.length() - 2)) : null;
    TextGlob glob = TextGlob.of(trimmed);
    List<String> named = glob.exact() ? List.of() : List.of(trimmed.split("[\\s*=]+"));
    return new CommandPattern(glob, bare, glob.exact() ? unquoted(glob.head()) : null, named);
  }

  /** An exact command as a shell reads it; null if it is no simple command. */
  private static String unquoted(String text) {
    Script script = ShellReader.read(text);
    return script.readable()
            && !script.parts().isEmpty()
            && script.parts().get(0) instanceof Part.Command command
        ? CommandText.of(command).plain()
        : null;
  }

  /** Whether it fits every command. */
  public boolean any() {
    return glob.any();
  }

  public boolean exact() {
    return glob.exact();
  }

  /** The words that every command it fits begins with: one list for each way to read it. */
  List<List<String>> beginnings() {
    if (exact()) {
      Set<String> texts = new LinkedHashSet<>();
      texts.add(glob.head());
      if (unquoted != null) {
        texts.add(unquoted);
      }
      return texts.stream().map(text -> List.of(text.split(" ", -1))).toList();
    }
    List<String> words = List.of(glob.head().split(" ", -1));
    return List.of(words.subList(0, words.size() - 1));
  }

  /** Characters that stand in every text it fits, packed; null if there are none. */
  Long inside() {
    String longest = (bare == null ? glob : bare).longest();
    return longest.length() < Grams.LENGTH
        ? null
        : (Long) Grams.at(longest, longest.length() - Grams.LENGTH);
  }

  /** Whether an allow of it holds. Quoted blanks never stand for a blank in the pattern. */
  public boolean allows(CommandText command) {
    if (!exact()) {
      return fits(command.plain()) && (any() || stays(command.words()));
    }
    return same(command.plain())
        || !command.outer().isEmpty() && command.outer().stream().anyMatch(this::same);
  }

  /**
   * Whether all that leaves what the pattern was written for is named in it: another folder ({@code
   * --prefix}), another file of tasks, or a task beside the one it names.
   */
  private boolean stays(List<String> words) {
    boolean tasks = named.size() > 1 && !named.get(1).startsWith("-");
    List<String> open = new ArrayList<>(named);
    for (String departure : Departures.of(words, tasks)) {
      if (!open.remove(departure)) {
        return false;
      }
    }
    return true;
  }

  private boolean same(String plain) {
    return plain.equals(glob.head()) || plain.equals(unquoted);
  }

  /** Whether a deny or ask of it holds for any way the command may be read. */
  public boolean forbids(CommandText command) {
    return fitsAny(command.readings()) || unquoted != null && unquoted.equals(command.plain());
  }

  /** Whether a deny or ask of it would hold for a command that this one might run. */
  boolean mayForbid(CommandText command) {
    return !any() && fitsAny(command.inner());
  }

  private boolean fitsAny(Set<String> texts) {
    for (String text : texts) {
      if (fits(text)) {
        return true;
      }
    }
    return false;
  }

  private boolean fits(String text) {
    return glob.matches(text) || bare != null && bare.matches(text);
  }
}

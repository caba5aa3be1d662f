package dev.countersign.policy.shell;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Programs that run the command in their arguments, from the table {@code wrappers.txt}.
 *
 * <p>Transparent ones leave one part, the command inside. All others stand as a part of their own,
 * which must be allowed too, beside the command inside.
 */
final class Wrappers {
  private enum Kind {
    TRANSPARENT,
    OUTER,
    EXACT,
    SPELLED
  }

  private record Entry(Kind kind, Options options, Set<String> subcommands) {}

  private static final Map<String, Entry> ENTRIES = new java.util.HashMap<>();

  static {
    for (String line : Resources.lines("wrappers.txt")) {
      String[] fields = line.split("\\|", -1);
      Options options = Options.of(Integer.parseInt(fields[2].trim()), fields[3], fields[4]);
      Kind kind = Kind.valueOf(fields[0].trim().toUpperCase(java.util.Locale.ROOT));
      Set<String> subcommands =
          fields.length > 5 ? Set.of(fields[5].trim().split("\\s+")) : Set.of();
      for (String name : fields[1].trim().split("\\s+")) {
        ENTRIES.put(name, new Entry(kind, options, subcommands));
      }
    }
  }

  private final Walker walker;

  Wrappers(Walker walker) {
    this.walker = walker;
  }

  void addTo(Map<String, Programs.Look> looks) {
    ENTRIES.forEach((name, entry) -> looks.put(name, call -> look(call, entry)));
  }

  private boolean look(Call call, Entry entry) {
    Options.Start start = entry.options().find(call.words());
    int from = start.index();
    if (entry.kind() == Kind.SPELLED) {
      spelled(call, entry, from);
      return true;
    }
    while (from < call.size() && Environment.isAssignment(call.text(from))) {
      from++;
    }
    boolean assigns = from > start.index();
    if (from >= call.size()) {
      walker.programs().plain(call, KnownCommands.effects(call).other());
      return true;
    }
    boolean transparent =
        entry.kind() == Kind.TRANSPARENT && start.sure() && !assigns && call.wellKnown();
    if (transparent) {
      walker.programs().look(call.from(from, call.frame().through(call.words())));
      return true;
    }
    Effects outer = Effects.UNKNOWN;
    if (entry.kind() == Kind.EXACT) {
      outer = outer.onlyExact();
    }
    if (!start.sure()) {
      outer = guesses(outer, call, from);
    }
    walker.programs().plain(call, outer);
    Frame inner = call.frame().inside(call.words());
    if (assigns) {
      inner = inner.notAllowable("run with variables of its own");
    }
    walker.programs().look(call.from(from, inner));
    return true;
  }

  private void spelled(Call call, Entry entry, int from) {
    Effects effects = KnownCommands.effects(call);
    boolean runs = entry.subcommands().isEmpty();
    for (int i = 1; i < Math.min(from, call.size()); i++) {
      runs |= entry.subcommands().contains(call.text(i));
    }
    int first = from < call.size() && call.text(from).equals("--") ? from + 1 : from;
    for (int i = first; runs && i < Math.min(call.size(), first + 3); i++) {
      effects = effects.spelt(call.words().subList(i, call.size()));
    }
    walker.programs().plain(call, effects);
  }

  /** Where the command begins is not sure: for denying, it begins at any of the next words. */
  private static Effects guesses(Effects effects, Call call, int from) {
    Effects guessed = effects;
    Set<Integer> starts = Set.of(from, from + 1, from + 2);
    for (int i : starts) {
      if (i < call.size()) {
        List<Word> words = call.words().subList(i, call.size());
        guessed = guessed.spelt(words);
      }
    }
    return guessed;
  }
}

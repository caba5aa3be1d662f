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

  static void addTo(Programs.Table<Wrappers> looks) {
    ENTRIES.forEach((name, entry) -> looks.put(name, (family, call) -> family.look(call, entry)));
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
    if (!start.sure() || call.text(from).startsWith("-")) {
      outer = guesses(outer, call, from, 1 + entry.options().leading());
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
    int first = from;
    boolean sure = true;
    for (int i = 1; !runs && i < call.size(); i++) {
      runs = entry.subcommands().contains(call.text(i));
      if (runs) {
        // Options may stand on both sides of the subcommand.
        Options.Start start = entry.options().after(1).find(call.words().subList(i, call.size()));
        first = i + start.index();
        sure = start.sure();
      } else if (!call.text(i).startsWith("-") && i > from) {
        break;
      }
    }
    if (first < call.size() && call.text(first).equals("--")) {
      first++;
    }
    if (runs) {
      effects = sure ? guesses(effects, call, first, 0) : guesses(effects, call, first, 2);
    }
    walker.programs().plain(call, effects);
  }

  /** A command may begin at a word: for denying, what it and the commands inside it would run. */
  private Effects guess(Effects effects, Call call, int index) {
    Effects guessed = effects.spelt(call.words().subList(index, call.size()));
    for (List<Word> reading : walker.guesses().readings(call.from(index, Frame.start()))) {
      guessed = guessed.spelt(reading);
    }
    return guessed;
  }

  /** Where the command begins is not sure: for denying, it begins at any of the next words. */
  private Effects guesses(Effects effects, Call call, int from, int before) {
    Effects guessed = effects;
    int last = from + (before > 0 ? 5 : 2);
    for (int i = Math.max(1, from - before); i < call.size(); i++) {
      boolean near = i <= last;
      boolean afterDashes = i < from + 20 && call.text(i - 1).equals("--");
      if (near || afterDashes) {
        guessed = guess(guessed, call, i);
      }
    }
    return guessed;
  }
}

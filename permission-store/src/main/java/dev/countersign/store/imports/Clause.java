package dev.countersign.store.imports;

import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.RuleEffect;
import java.util.ArrayList;
import java.util.List;

/**
 * One statement of a settings file about some uses of some tool, with what it could become.
 *
 * @param tool which tools it is about: a name, or a pattern
 * @param reach which uses, as patterns of the texts that the file compares
 * @param rules the rules that say the same; empty if none does
 * @param overrides the overrides that say the same, their level left open; empty if none does
 * @param note why the entries are narrower than the statement; null if they are not
 * @param obstacle why it cannot be carried over; null if it can
 * @param exact whether {@code tool} and {@code reach} name no use that the statement does not mean
 */
record Clause(
    int line,
    String source,
    RuleEffect effect,
    String tool,
    List<String> reach,
    List<String> rules,
    List<Target> overrides,
    String note,
    String obstacle,
    boolean exact) {
  /** Every use of a tool. */
  static final List<String> ANY = List.of("*");

  /**
   * What an override is about.
   *
   * @param resource null for the whole tool
   */
  record Target(String tool, String resource) {}

  Clause {
    reach = List.copyOf(reach);
    rules = List.copyOf(rules);
    overrides = List.copyOf(overrides);
  }

  /** A statement about exactly these uses. */
  Clause(
      int line,
      String source,
      RuleEffect effect,
      String tool,
      List<String> reach,
      List<String> rules,
      List<Target> overrides,
      String note,
      String obstacle) {
    this(line, source, effect, tool, reach, rules, overrides, note, obstacle, true);
  }

  /** The same, if it also names uses that the statement does not mean. */
  Clause vague() {
    return new Clause(line, source, effect, tool, reach, rules, overrides, note, obstacle, false);
  }

  /** A statement that cannot be carried over. */
  static Clause obstructed(
      int line, String source, RuleEffect effect, String tool, List<String> reach, String why) {
    return new Clause(line, source, effect, tool, reach, List.of(), List.of(), null, why);
  }

  /** The same, out of the way if the document could not hold its rules. */
  Clause checked() {
    if (obstacle != null) {
      return this;
    }
    return asRules().stream()
        .flatMap(entry -> Entries.fault(entry).stream())
        .findFirst()
        .map(this::obstructed)
        .orElse(this);
  }

  Clause obstructed(String why) {
    return obstructed(line, source, effect, tool, reach, why);
  }

  /** The same, with one thing more to be said of it. */
  Clause noted(String more) {
    String both = note == null ? more : note + "; " + more;
    return new Clause(line, source, effect, tool, reach, rules, overrides, both, obstacle, exact);
  }

  List<Entry> asRules() {
    List<Entry> entries = new ArrayList<>();
    rules.forEach(rule -> entries.add(new Entry.OfRule(effect, rule)));
    return entries;
  }

  List<Entry> asOverrides() {
    String level =
        switch (effect) {
          case ALLOW -> OverrideLevel.ALWAYS.word();
          case ASK -> OverrideLevel.ASK.word();
          case DENY -> OverrideLevel.NEVER.word();
        };
    List<Entry> entries = new ArrayList<>();
    overrides.forEach(o -> entries.add(new Entry.OfOverride(o.tool(), o.resource(), level, null)));
    return entries;
  }

  boolean carried() {
    return obstacle == null;
  }

  boolean whole() {
    return reach.equals(ANY);
  }

  boolean stricterThan(Clause other) {
    return effect.compareTo(other.effect) > 0;
  }

  /** Whether some call could be meant by both. */
  boolean meets(Clause other) {
    return Globs.meet(tool, other.tool) && Globs.meet(reach, other.reach);
  }

  /** Whether every call the other means is meant by this one, too. */
  boolean covers(Clause other) {
    return Globs.covers(tool, other.tool) && Globs.covers(reach, other.reach);
  }
}

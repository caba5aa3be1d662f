package dev.countersign.store.imports;

import dev.countersign.policy.RuleEffect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Carries clauses over into a place where the strictest wins: deny, then ask, then allow. What
 * would allow more there than it does in its file is left out.
 */
final class Precedence {
  /** Comparing all with all takes the square of these. */
  private static final int MAX_COMPARED = 50_000;

  private static final int MAX_CLAUSES = 3000;

  private final List<Clause> clauses;
  private final boolean ordered;
  private final List<Boolean> fallbacks = new ArrayList<>();
  private final List<Optional<Clause>> shadows = new ArrayList<>();
  private final Map<String, Boolean> overriding = new HashMap<>();

  private Precedence(List<Clause> clauses, boolean ordered) {
    this.clauses = clauses.stream().map(Clause::checked).toList();
    this.ordered = ordered;
    for (int i = 0; i < clauses.size(); i++) {
      fallbacks.add(ordered && fallback(i));
      shadows.add(ordered ? shadow(i) : Optional.empty());
    }
  }

  /** Clauses of a file in which the strictest one wins, too. */
  static List<Item> strictestWins(List<Clause> clauses) throws UnreadableFileException {
    return of(clauses, false);
  }

  /** Clauses of a file in which the first one that fits wins, in that order. */
  static List<Item> firstWins(List<Clause> clauses) throws UnreadableFileException {
    return of(clauses, true);
  }

  private static List<Item> of(List<Clause> clauses, boolean ordered)
      throws UnreadableFileException {
    int size = clauses.stream().flatMap(c -> c.reach().stream()).mapToInt(String::length).sum();
    if (size > MAX_COMPARED || clauses.size() > MAX_CLAUSES) {
      throw UnreadableFileException.tooLarge(
          "has %d rules with %d characters of patterns; %d with %d can be compared with each other"
              .formatted(clauses.size(), size, MAX_CLAUSES, MAX_COMPARED));
    }
    return new Precedence(clauses, ordered).items();
  }

  private List<Item> items() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < clauses.size(); i++) {
      items.add(item(i));
    }
    return items;
  }

  private Item item(int index) {
    Clause clause = clauses.get(index);
    Optional<Clause> shadow = shadows.get(index);
    if (shadow.isPresent()) {
      return leftOut(clause, "never reached: line " + shadow.get().line() + " comes first");
    }
    if (!clause.carried()) {
      return leftOut(clause, clause.obstacle());
    }
    Optional<Clause> lost = lostBefore(index);
    if (lost.isPresent()) {
      return leftOut(
          clause,
          "line %d (%s) cannot be carried over, and this could allow what that line does not"
              .formatted(lost.get().line(), lost.get().effect().word()));
    }
    if (fallbacks.get(index)) {
      return leftOut(
          clause,
          "what no other line names is for the mode of the session to decide here (mode dontAsk"
              + " allows nothing else)");
    }
    if (ordered && overriding.computeIfAbsent(clause.tool(), this::asOverrides)) {
      Optional<String> fault = overrideFault(clause);
      if (fault.isPresent()) {
        return leftOut(clause, fault.get());
      }
      return override(clause, index);
    }
    return item(clause, clause.asRules(), ordered ? stricterLater(index, false) : Optional.empty());
  }

  /**
   * An override of a command without a star also holds for it with more arguments, unless always.
   */
  private Item override(Clause clause, int index) {
    boolean more =
        clause.effect() != RuleEffect.ALLOW
            && clause.overrides().stream()
                .anyMatch(o -> o.resource() != null && o.resource().indexOf('*') < 0);
    Optional<Clause> denied =
        clauses.stream()
            .filter(c -> more && c.whole() && c.carried() && c.tool().equals(clause.tool()))
            .filter(c -> c.stricterThan(clause))
            .findFirst();
    if (denied.isPresent()) {
      return leftOut(
          clause,
          "here it would also hold with more arguments, which line %d denies"
              .formatted(denied.get().line()));
    }
    return item(
        more ? clause.noted("here also with more arguments") : clause,
        clause.asOverrides(),
        stricterLater(index, true));
  }

  private static Item item(Clause clause, List<Entry> entries, Optional<Clause> stricter) {
    Clause told =
        stricter
            .map(
                s ->
                    clause.noted("where line %d also fits, that one wins here".formatted(s.line())))
            .orElse(clause);
    return told.note() == null
        ? Item.carried(told.line(), told.source(), entries, null)
        : Item.tightened(told.line(), told.source(), entries, told.note());
  }

  private static Item leftOut(Clause clause, String why) {
    return Item.leftOut(clause.line(), clause.source(), why);
  }

  /** An earlier clause that leaves nothing for this one, there and here. */
  private Optional<Clause> shadow(int index) {
    Clause clause = clauses.get(index);
    for (int i = 0; i < index; i++) {
      Clause earlier = clauses.get(i);
      if (earlier.carried()
          && earlier.exact()
          && earlier.covers(clause)
          && !(fallbacks.get(i) && clause.effect() != RuleEffect.ALLOW)) {
        return Optional.of(earlier);
      }
    }
    return Optional.empty();
  }

  /** A stricter clause that is not carried over, though it would win over this one. */
  private Optional<Clause> lostBefore(int index) {
    Clause clause = clauses.get(index);
    return clause.effect() != RuleEffect.ALLOW
        ? Optional.empty()
        : (ordered ? clauses.subList(0, index) : clauses)
            .stream()
                .filter(c -> !c.carried() && c.stricterThan(clause) && c.meets(clause))
                .findFirst();
  }

  /** Whether it is about whatever is left when other clauses said what they allow. */
  private boolean fallback(int index) {
    Clause clause = clauses.get(index);
    return clause.tool().equals("*")
        && clauses.subList(0, index).stream().anyMatch(c -> clause.stricterThan(c));
  }

  /**
   * Whether the tool's clauses must become overrides: one about every use of the tool comes after a
   * looser one. Among overrides the more specific wins; among rules it would not.
   */
  private boolean asOverrides(String tool) {
    List<Clause> same = clauses.stream().filter(c -> c.carried() && c.tool().equals(tool)).toList();
    return same.stream().noneMatch(c -> c.overrides().isEmpty())
        && same.stream()
            .filter(c -> c.effect() != RuleEffect.ALLOW)
            .allMatch(c -> overrideFault(c).isEmpty())
        && same.stream()
            .anyMatch(
                whole ->
                    whole.whole()
                        && same.subList(0, same.indexOf(whole)).stream()
                            .anyMatch(whole::stricterThan));
  }

  private static Optional<String> overrideFault(Clause clause) {
    return clause.asOverrides().stream()
        .flatMap(entry -> Entries.fault(entry).stream())
        .findFirst();
  }

  /** A later clause that is stricter, so that here it wins where both fit. */
  private Optional<Clause> stricterLater(int index, boolean amongOverrides) {
    Clause clause = clauses.get(index);
    for (int i = index + 1; i < clauses.size(); i++) {
      Clause later = clauses.get(i);
      boolean weaker = amongOverrides && later.whole() && later.tool().equals(clause.tool());
      if (later.carried()
          && later.stricterThan(clause)
          && !weaker
          && shadows.get(i).isEmpty()
          && !fallbacks.get(i)
          && later.meets(clause)) {
        return Optional.of(later);
      }
    }
    return Optional.empty();
  }
}

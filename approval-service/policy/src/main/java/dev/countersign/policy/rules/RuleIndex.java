package dev.countersign.policy.rules;

import dev.countersign.policy.parts.CallPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Rules of one effect, found without looking at each: by tool name, then by what the specifier must
 * at least hold (the first words of a command, folders or an extension of a path, a host), then one
 * by one.
 */
final class RuleIndex {
  /** A rule and its place in the order given. */
  record Entry(int order, CompiledRule rule) {}

  /** The best rule found so far. */
  static final class Search {
    private final Predicate<CompiledRule> test;
    private final boolean possible;
    private final Runnable compared;
    private Entry best;

    /**
     * A search.
     *
     * @param compared called for every rule that is compared
     */
    Search(Predicate<CompiledRule> test, boolean possible, Runnable compared) {
      this.test = test;
      this.possible = possible;
      this.compared = compared;
    }

    /** Whether rules that only might hold are searched for. */
    boolean possible() {
      return possible;
    }

    /** Looks at rules, which stand in the order given. */
    void look(List<Entry> entries) {
      if (entries == null) {
        return;
      }
      for (Entry entry : entries) {
        if (best != null && entry.order() >= best.order()) {
          return;
        }
        compared.run();
        if (test.test(entry.rule())) {
          best = entry;
          return;
        }
      }
    }

    private Optional<CompiledRule> found() {
      return Optional.ofNullable(best).map(Entry::rule);
    }
  }

  private static final List<String> FILES = List.of("Read", "Edit", "Delete");

  private final Map<String, RuleBucket> byName = new HashMap<>();
  private final List<Entry> globs = new ArrayList<>();

  RuleIndex(List<CompiledRule> rules) {
    for (int i = 0; i < rules.size(); i++) {
      Entry entry = new Entry(i, rules.get(i));
      String name = entry.rule().tool().indexName();
      if (name == null) {
        globs.add(entry);
      } else {
        byName.computeIfAbsent(name, n -> new RuleBucket()).add(entry);
      }
    }
  }

  /**
   * The first rule, in the order given, that passes a test which only a rule about the part passes:
   * it forbids or allows.
   */
  Optional<CompiledRule> first(CallPart part, CallFacts call, Predicate<CompiledRule> test) {
    return first(part, call, search(part, call, test, false));
  }

  /** The same with a test that a rule passes which might be about the part. */
  Optional<CompiledRule> firstPossible(
      CallPart part, CallFacts call, Predicate<CompiledRule> test) {
    return first(part, call, search(part, call, test, true));
  }

  private static Search search(
      CallPart part, CallFacts call, Predicate<CompiledRule> test, boolean possible) {
    return new Search(test, possible, () -> call.effort().compare(part.weight()));
  }

  private Optional<CompiledRule> first(CallPart part, CallFacts call, Search search) {
    about(part, call, search);
    if (!part.paths().isEmpty() || !part.mentions().isEmpty()) {
      for (String name : FILES) {
        look(name, part, call, search);
      }
    }
    if (!part.hosts().isEmpty() || !part.namedHosts().isEmpty()) {
      look("WebFetch", part, call, search);
    }
    return search.found();
  }

  /** The same of rules about the call's own tool alone. */
  Optional<CompiledRule> firstAboutTool(
      CallPart part, CallFacts call, Predicate<CompiledRule> test) {
    Search search = search(part, call, test, false);
    about(part, call, search);
    return search.found();
  }

  private void about(CallPart part, CallFacts call, Search search) {
    for (String name : call.names()) {
      RuleBucket bucket = byName.get(name);
      if (bucket != null) {
        bucket.look(part, search);
      }
    }
    search.look(globs);
  }

  private void look(String name, CallPart part, CallFacts call, Search search) {
    RuleBucket bucket = call.names().contains(name) ? null : byName.get(name);
    if (bucket != null) {
      bucket.look(part, search);
    }
  }

  /** A rule about the tool of the call that passes the test. */
  Optional<CompiledRule> aboutTool(CallFacts call, Predicate<CompiledRule> test) {
    Search search =
        new Search(
            rule -> rule.about(call) && test.test(rule), true, () -> call.effort().compare(1));
    for (String name : call.names()) {
      RuleBucket bucket = byName.get(name);
      if (bucket != null) {
        search.look(bucket.all());
      }
    }
    search.look(globs);
    return search.found();
  }
}

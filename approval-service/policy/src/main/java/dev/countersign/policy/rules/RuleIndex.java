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
    private Entry best;

    Search(Predicate<CompiledRule> test) {
      this.test = test;
    }

    void look(List<Entry> entries) {
      if (entries == null) {
        return;
      }
      for (Entry entry : entries) {
        if ((best == null || entry.order() < best.order()) && test.test(entry.rule())) {
          best = entry;
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

  /** The first rule, in the order given, that may concern the part and passes the test. */
  Optional<CompiledRule> first(CallPart part, CallFacts call, Predicate<CompiledRule> test) {
    Search search = new Search(test);
    for (String name : names(part, call)) {
      RuleBucket bucket = byName.get(name);
      if (bucket != null) {
        bucket.look(part, search);
      }
    }
    search.look(globs);
    return search.found();
  }

  /** A rule about the tool of the call that passes the test. */
  Optional<CompiledRule> aboutTool(CallFacts call, Predicate<CompiledRule> test) {
    Search search = new Search(rule -> rule.about(call) && test.test(rule));
    for (String name : names(null, call)) {
      RuleBucket bucket = byName.get(name);
      if (bucket != null) {
        search.look(bucket.all());
      }
    }
    search.look(globs);
    return search.found();
  }

  /** Every name under which a rule about the part may stand. */
  private static List<String> names(CallPart part, CallFacts call) {
    List<String> names = new ArrayList<>(8);
    add(names, call.tool());
    if (call.family() != null) {
      add(names, call.family());
    }
    if (call.tool().startsWith("mcp__")) {
      int end = call.tool().indexOf("__", "mcp__".length());
      while (end > 0) {
        add(names, call.tool().substring(0, end));
        end = call.tool().indexOf("__", end + 1);
      }
    }
    if (part != null && !(part.paths().isEmpty() && part.mentions().isEmpty())) {
      FILES.forEach(name -> add(names, name));
    }
    if (part != null && !(part.hosts().isEmpty() && part.namedHosts().isEmpty())) {
      add(names, "WebFetch");
    }
    return names;
  }

  private static void add(List<String> names, String name) {
    if (!names.contains(name)) {
      names.add(name);
    }
  }
}

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
    Search search = new Search(test);
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
    Search search = new Search(rule -> rule.about(call) && test.test(rule));
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

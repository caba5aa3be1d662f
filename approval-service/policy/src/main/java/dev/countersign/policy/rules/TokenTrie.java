package dev.countersign.policy.rules;

import dev.countersign.policy.rules.RuleIndex.Entry;
import dev.countersign.policy.rules.RuleIndex.Search;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rules filed under words that what they fit must hold one after the other. */
final class TokenTrie {
  private final List<Entry> here = new ArrayList<>();
  private final Map<String, TokenTrie> next = new HashMap<>();

  void add(List<String> words, Entry entry) {
    if (words.isEmpty()) {
      here.add(entry);
    } else {
      next.computeIfAbsent(words.get(0), w -> new TokenTrie())
          .add(words.subList(1, words.size()), entry);
    }
  }

  /** Looks at every rule whose words a list begins with. */
  void look(List<String> words, Search search) {
    TokenTrie node = this;
    search.look(node.here);
    for (int i = 0; i < words.size() && node != null; i++) {
      node = node.next.get(words.get(i));
      if (node != null) {
        search.look(node.here);
      }
    }
  }

  /** Looks at every rule whose words stand in a list one after the other. */
  void lookWithin(List<String> words, Search search) {
    for (int from = 0; from < words.size(); from++) {
      TokenTrie node = next.get(words.get(from));
      for (int i = from + 1; node != null; i++) {
        search.look(node.here);
        node = i < words.size() ? node.next.get(words.get(i)) : null;
      }
    }
  }
}

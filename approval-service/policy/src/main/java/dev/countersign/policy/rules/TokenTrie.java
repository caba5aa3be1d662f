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

  /** Looks at every rule whose words the text begins with. */
  void look(String text, Search search) {
    TokenTrie node = this;
    int at = 0;
    search.look(node.here);
    while (at <= text.length() && !node.next.isEmpty()) {
      int blank = text.indexOf(' ', at);
      int end = blank < 0 ? text.length() : blank;
      node = node.next.get(text.substring(at, end));
      if (node == null) {
        return;
      }
      search.look(node.here);
      at = end + 1;
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

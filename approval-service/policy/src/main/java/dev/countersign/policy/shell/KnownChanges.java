package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Commands that are known to change something, from {@code changes.txt}. What is not known there
 * may change something all the same.
 */
public final class KnownChanges {
  /** Options are looked past only so far, so that a long command costs no more than a short one. */
  private static final int BEGINNING = 12;

  private static final Set<String> SECTIONS = Set.of("first", "if", "unless", "alone", "operands");

  /** What must and must not follow the words that name a command. */
  private record Entry(List<Pattern> first, List<Pattern> wanted, Harmless harmless, int operands) {
    boolean holds(List<String> rest) {
      long named = operands == 0 ? 0 : rest.stream().filter(w -> !w.startsWith("-")).count();
      return named >= operands
          && (first.isEmpty() || any(first, rest.subList(0, Math.min(1, rest.size()))))
          && (wanted.isEmpty() || any(wanted, rest))
          && !harmless.proves(rest);
    }

    private static boolean any(List<Pattern> patterns, List<String> words) {
      for (String word : words) {
        for (Pattern pattern : patterns) {
          if (pattern.matcher(word).matches()) {
            return true;
          }
        }
      }
      return false;
    }
  }

  private static final class Node {
    private final Map<String, Node> next = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
  }

  private static final Node ROOT = new Node();

  static {
    Resources.lines("changes.txt").forEach(KnownChanges::add);
  }

  private KnownChanges() {}

  private static void add(String line) {
    StringBuilder names = new StringBuilder();
    List<Pattern> first = new ArrayList<>();
    List<Pattern> wanted = new ArrayList<>();
    Harmless harmless = new Harmless();
    int operands = 0;
    String section = "";
    for (String token : line.split(" +")) {
      if (SECTIONS.contains(token)) {
        section = token;
        continue;
      }
      switch (section) {
        case "" -> names.append(names.isEmpty() ? "" : " ").append(token);
        case "first" -> first.add(word(token));
        case "if" -> wanted.add(word(token));
        case "unless" -> harmless.add(token);
        case "alone" -> harmless.addAlone(token);
        default -> operands = Integer.parseInt(token);
      }
    }
    Entry entry = new Entry(first, wanted, harmless, operands);
    for (String name : names.toString().split(",")) {
      Node node = ROOT;
      for (String word : name.split(" ")) {
        node = node.next.computeIfAbsent(word, w -> new Node());
      }
      node.entries.add(entry);
    }
  }

  private static Pattern word(String token) {
    if (token.startsWith("~")) {
      return Pattern.compile(token.substring(1), Pattern.DOTALL);
    }
    if (token.matches("-[A-Za-z]")) {
      return Pattern.compile("-[A-Za-z0-9]*" + token.charAt(1) + "[A-Za-z0-9]*");
    }
    if (token.endsWith("*")) {
      return Pattern.compile(Pattern.quote(token.substring(0, token.length() - 1)) + ".*");
    }
    return Pattern.compile(Pattern.quote(token) + (token.startsWith("--") ? "(=.*)?" : ""));
  }

  /** Whether a command, given as its words, is one. */
  public static boolean holds(List<String> words) {
    if (words.isEmpty()) {
      return false;
    }
    String name = words.get(0);
    Node node = ROOT.next.get(name.substring(name.lastIndexOf('/') + 1));
    return node != null && holds(node, words, 1);
  }

  private static boolean holds(Node node, List<String> words, int at) {
    List<String> rest = words.subList(at, words.size());
    for (Entry entry : node.entries) {
      if (entry.holds(rest)) {
        return true;
      }
    }
    if (node.next.isEmpty() || at >= words.size() || at >= BEGINNING) {
      return false;
    }
    String word = words.get(at);
    Node below = node.next.get(word);
    if (below != null && holds(below, words, at + 1)) {
      return true;
    }
    // An option before the subcommand may take the next word for its value, or not.
    return word.startsWith("-")
        && (holds(options(node), words, at + 1)
            || at + 2 <= words.size() && holds(options(node), words, at + 2));
  }

  /** The same place in the table without the entries that end here: they were tried already. */
  private static Node options(Node node) {
    if (node.entries.isEmpty()) {
      return node;
    }
    Node below = new Node();
    below.next.putAll(node.next);
    return below;
  }
}

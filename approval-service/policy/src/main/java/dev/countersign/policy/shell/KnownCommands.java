package dev.countersign.policy.shell;

import dev.countersign.policy.shell.Part.Reach;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What everyday commands do, from the table {@code known-commands.txt}. */
final class KnownCommands {
  private static final Pattern NAME = Pattern.compile("\\$\\{?([A-Za-z0-9_@*]+)");

  /** What is known of a command that begins with some words, and what may follow them. */
  private static final class Node {
    private final Map<String, Node> next = new HashMap<>();
    private KnownCommand entry;

    Node below(String word) {
      return next.computeIfAbsent(word, w -> new Node());
    }
  }

  private static final Node ENTRIES = new Node();

  static {
    List<KnownCommand> current = new ArrayList<>();
    for (String line : Resources.lines("known-commands.txt")) {
      List<String> words = List.of(line.trim().split("\\s+"));
      if (Character.isWhitespace(line.charAt(0))) {
        current.forEach(entry -> entry.line(words));
      } else {
        current = head(line);
      }
    }
  }

  private KnownCommands() {}

  private static List<KnownCommand> head(String line) {
    int colon = line.lastIndexOf(": ");
    String[] means = line.substring(colon + 1).trim().split("\\s+");
    Reach reach = Reach.valueOf(means[0].toUpperCase(Locale.ROOT));
    KnownCommand.Operands operands =
        means.length > 1
            ? KnownCommand.Operands.valueOf(means[1].toUpperCase(Locale.ROOT))
            : KnownCommand.Operands.TEXT;
    List<KnownCommand> entries = new ArrayList<>();
    for (String name : line.substring(0, colon).split(",")) {
      KnownCommand entry = new KnownCommand(reach, operands);
      Node node = ENTRIES;
      for (String word : name.trim().split("\\s+")) {
        node = node.below(word);
      }
      node.entry = entry;
      entries.add(entry);
    }
    return entries;
  }

  /** The entry for a command and how many of its words name it; null if there is none. */
  static Found find(Call call) {
    return find(call.words());
  }

  private static Found find(List<Word> words) {
    Found plain = find(words, false);
    Found apart = find(words, true);
    boolean more = apart != null && (plain == null || apart.words() > plain.words());
    return more && apart.entry().reach == Reach.OTHER ? apart : plain;
  }

  /**
   * Finds an entry.
   *
   * @param apart whether options may stand between the words that name it
   */
  private static Found find(List<Word> words, boolean apart) {
    String name = words.get(0).text();
    Node node = ENTRIES.next.get(name.substring(name.lastIndexOf('/') + 1));
    KnownCommand best = null;
    int named = 0;
    for (int at = 1; node != null; at++) {
      if (node.entry != null) {
        best = node.entry;
        named = at;
      }
      while (apart && at < words.size() && passed(node, words, at)) {
        at++;
      }
      boolean more = at < words.size() && words.get(at).literal();
      node = more ? node.next.get(words.get(at).text()) : null;
    }
    return best == null ? null : new Found(best, named);
  }

  /** Whether a word is an option, or the value of one, before the word that is looked for. */
  private static boolean passed(Node node, List<Word> words, int at) {
    String text = words.get(at).text();
    boolean value = at > 1 && words.get(at - 1).text().startsWith("-");
    return !node.next.isEmpty() && (text.startsWith("-") || value && !node.next.containsKey(text));
  }

  /** Whether a command, given as its words, reads all below the folders it names. */
  static boolean readsTrees(List<Word> words) {
    Found found = words.isEmpty() ? null : find(words);
    return found != null && found.entry().readsTrees(words.subList(found.words(), words.size()));
  }

  /** An entry, and how many words its name has. */
  record Found(KnownCommand entry, int words) {}

  /** What a command does, as far as the table knows. */
  static Effects effects(Call call) {
    Found found = find(call);
    if (found == null) {
      return Effects.UNKNOWN;
    }
    Effects effects = new OptionReader(found.entry(), call, likely(call)).read(found.words());
    if (!call.unresolved()) {
      Effects resolved = new OptionReader(found.entry(), call, call.resolved()).read(found.words());
      effects = effects.touching(resolved.paths());
    }
    return effects;
  }

  /** The words, where a constant of the script stands for its variable; it is not certain. */
  private static List<Word> likely(Call call) {
    if (call.unresolved()) {
      return call.words();
    }
    List<Word> words = new ArrayList<>(call.size());
    for (int i = 0; i < call.size(); i++) {
      Word resolved = call.resolved().get(i);
      boolean same =
          resolved.equals(call.word(i)) || !resolved.literal() || !sure(call.text(i), call.scope());
      words.add(same ? call.word(i) : new Word(resolved.text(), Word.Certainty.EXPANDED));
    }
    return words;
  }

  private static boolean sure(String text, Scope scope) {
    Matcher names = NAME.matcher(text);
    boolean sure = true;
    while (names.find()) {
      sure &= scope.isSure(names.group(1));
    }
    return sure;
  }

  /** Commands that stand in a command's options. */
  static List<String> commands(Call call) {
    Found found = find(call);
    if (found == null || !found.entry().mayRun()) {
      return List.of();
    }
    OptionReader reader = new OptionReader(found.entry(), call, call.words());
    reader.read(found.words());
    return reader.commands();
  }
}

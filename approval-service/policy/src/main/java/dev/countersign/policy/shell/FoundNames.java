package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the tests of {@code find} say of the files that its actions get. Nothing is said where a
 * word is not understood, or where links are followed.
 */
final class FoundNames {
  private static final Set<String> VALUED =
      Set.of(
          "-maxdepth",
          "-mindepth",
          "-path",
          "-ipath",
          "-wholename",
          "-iwholename",
          "-regex",
          "-iregex",
          "-size",
          "-mtime",
          "-mmin",
          "-atime",
          "-amin",
          "-ctime",
          "-cmin",
          "-newer",
          "-user",
          "-group",
          "-perm");

  private static final Set<String> ALONE =
      Set.of("-prune", "-depth", "-xdev", "-mount", "-empty", "-readable", "-executable", "-true");

  private static final Set<String> PRINTS = Set.of("-print", "-print0");
  private static final Set<String> RUNS = Set.of("-exec", "-execdir", "-ok", "-okdir");
  private static final Set<String> BEFORE_ROOTS = Set.of("-P");
  private static final int DEEPEST = 20;
  private static final int MOST = 64;

  /** A glob that all programs read in the same way; without quotes only a star and an ending. */
  private static final Pattern NAME = Pattern.compile("[\\w.*?+@%,~{}() \\[\\]-]+");

  private static final Pattern UNQUOTED = Pattern.compile("\\*\\.[\\w.-]+");

  /** Nothing is known. */
  private static final Found ANY = new Found(List.of(), false);

  private final List<Word> words;
  private final Map<Integer, Found> actions = new HashMap<>();
  private final List<Word> roots = new ArrayList<>();
  private boolean printsOnly = true;
  private boolean zeros = true;
  private int at = 1;
  private int depth;
  private boolean understood = true;

  private FoundNames(List<Word> words) {
    this.words = words;
  }

  /** Reads a whole {@code find} command. */
  static FoundNames of(List<Word> words) {
    FoundNames names = new FoundNames(words);
    names.read();
    return names;
  }

  /** The folders it begins in, as written; empty for the current one. */
  List<Word> roots() {
    return roots;
  }

  /** What is known of the files that the action at an index gets; null if nothing is. */
  Found at(int action) {
    return understood ? some(actions.get(action)) : null;
  }

  /** What is known of the files it prints; null if nothing is, or if no zero byte ends each. */
  Found printed() {
    Found all = null;
    for (Found one : actions.values()) {
      all = all == null ? one : either(all, one);
    }
    return understood && printsOnly && zeros ? some(all) : null;
  }

  private static Found some(Found found) {
    return found == null || found.names().isEmpty() ? null : found;
  }

  private void read() {
    while (at < words.size() && BEFORE_ROOTS.contains(text())) {
      at++;
    }
    while (at < words.size() && !text().matches("(?s)[-(!].*")) {
      understood &= words.get(at).literal();
      roots.add(words.get(at++));
    }
    if (at < words.size()) {
      either(ANY);
    }
    understood &= at >= words.size();
  }

  private String text() {
    return words.get(at).text();
  }

  /** Reads tests parted by {@code -o}; what passed one of them fits the result. */
  private Found either(Found before) {
    Found all = both(before);
    while (at < words.size() && text().matches("-o|-or")) {
      at++;
      all = either(all, both(before));
    }
    return all;
  }

  /** Reads tests that must all pass. */
  private Found both(Found before) {
    Found passed = before;
    while (understood && at < words.size() && !text().matches("-o|-or|\\)")) {
      if (text().matches("-a|-and")) {
        at++;
      } else {
        passed = narrower(passed, term(passed));
      }
    }
    return passed;
  }

  private Found term(Found before) {
    String text = text();
    boolean literal = words.get(at).literal();
    at++;
    if (!literal || depth > DEEPEST) {
      understood = false;
    } else if (text.matches("!|-not")) {
      understood = at < words.size();
      return understood ? denied(before) : ANY;
    } else if (text.equals("(")) {
      depth++;
      Found inside = either(before);
      depth--;
      understood &= at < words.size() && text().equals(")");
      at++;
      return inside;
    } else if (text.matches("-i?name") && at < words.size()) {
      return named(words.get(at++));
    } else if (text.equals("-type") && at < words.size()) {
      return new Found(List.of(), words.get(at++).text().equals("f"));
    } else if (VALUED.contains(text) && at < words.size()) {
      at++;
    } else if (PRINTS.contains(text)) {
      zeros &= text.equals("-print0");
      actions.put(at - 1, before);
    } else if (RUNS.contains(text) || text.equals("-delete")) {
      printsOnly = false;
      actions.put(at - 1, before);
      at = RUNS.contains(text) ? Finders.end(words, at) + 1 : at;
    } else {
      understood &= ALONE.contains(text);
    }
    return ANY;
  }

  /** What fails a test may be anything. */
  private Found denied(Found before) {
    term(before);
    return ANY;
  }

  private static Found named(Word glob) {
    boolean plain = glob.literal() ? NAME.matcher(glob.text()).matches() : unquoted(glob);
    return plain ? new Found(List.of(glob.text()), false) : ANY;
  }

  /** The shell may put one fitting name there; with several the command is wrong. */
  private static boolean unquoted(Word glob) {
    return glob.certainty() == Word.Certainty.GLOB && UNQUOTED.matcher(glob.text()).matches();
  }

  private static Found narrower(Found one, Found other) {
    return new Found(
        one.names().isEmpty() ? other.names() : one.names(), one.files() || other.files());
  }

  private static Found either(Found one, Found other) {
    boolean any = one.names().isEmpty() || other.names().isEmpty();
    Set<String> names = new LinkedHashSet<>(one.names());
    names.addAll(other.names());
    boolean many = any || names.size() > MOST;
    return new Found(many ? List.of() : List.copyOf(names), one.files() && other.files());
  }
}

package dev.countersign.policy.parts;

import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.Word;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A simple command in the forms rules are compared with.
 *
 * @param words program and arguments, wrappers taken off
 * @param plain the words joined by blanks; a blank inside a word stands as U+0001, so that it never
 *     counts as one between words
 * @param readings every way it may be read, for denies and asks
 * @param inner what follows the program, word by word, in case it is one that runs another
 * @param outer whole command lines it was found in, which an exact allow may name
 * @param exactOnly whether only a rule without a star, or one for the whole tool, may allow it
 * @param allowable whether a rule may allow it at all
 * @param whyNot why not; null if it is
 * @param exclusionsHeeded whether an option that leaves files out, put behind the program, is
 *     understood
 */
public record CommandText(
    List<String> words,
    String plain,
    Set<String> readings,
    Set<String> inner,
    Set<String> outer,
    boolean exactOnly,
    boolean allowable,
    String whyNot,
    boolean exclusionsHeeded) {
  private static final int DEEPEST = 16;

  private static final char BLANK = '\u0001';

  public CommandText {
    words = List.copyOf(words);
    readings = inOrder(readings);
    inner = inOrder(inner);
    outer = inOrder(outer);
  }

  /** A copy that is gone through in the same order on every machine: work is counted. */
  private static Set<String> inOrder(Set<String> forms) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(forms));
  }

  /** The forms of a command that was read. */
  public static CommandText of(Part.Command command) {
    return of(
        command.words(),
        command.spellings(),
        command.reach() == Part.Reach.OTHER ? inner(command.words()) : Set.of(),
        command.wrappedIn(),
        command.text(),
        command.exactOnly() || fedWithFlags(command.wrappedIn()),
        command.allowable(),
        command.whyNot(),
        Selection.of(command) != null);
  }

  /** The forms of words whose meaning is in doubt. */
  static CommandText of(List<Word> words, String raw) {
    return of(words, List.of(), Set.of(), List.of(), raw, false, true, null, false);
  }

  private static CommandText of(
      List<Word> words,
      List<List<Word>> spellings,
      Set<String> inner,
      List<List<Word>> outer,
      String raw,
      boolean exactOnly,
      boolean allowable,
      String whyNot,
      boolean exclusionsHeeded) {
    String plain = plain(words);
    return new CommandText(
        texts(words),
        plain,
        readings(words, plain, spellings, raw),
        inner,
        outer.isEmpty()
            ? Set.of()
            : outer.stream()
                .map(CommandText::plain)
                .collect(Collectors.toCollection(LinkedHashSet::new)),
        exactOnly,
        allowable,
        whyNot,
        exclusionsHeeded);
  }

  private static List<String> texts(List<Word> words) {
    String[] texts = new String[words.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = words.get(i).text();
    }
    return List.of(texts);
  }

  private static Set<String> readings(
      List<Word> words, String plain, List<List<Word>> spellings, String raw) {
    String only = plain.strip();
    if (spellings.isEmpty() && raw.equals(plain) && lowerProgram(only).equals(only)) {
      // Most commands read in one way only.
      return Set.of(only);
    }
    Set<String> readings = new LinkedHashSet<>();
    List<List<Word>> all = new ArrayList<>(spellings);
    all.add(words);
    for (List<Word> spelling : all) {
      String joined = joined(spelling);
      readings.add(joined);
      readings.add(lowerProgram(joined));
    }
    readings.add(raw.strip());
    return readings;
  }

  /** The forms of a text nobody could read: each piece between separators may be a command. */
  public static CommandText unread(String text) {
    Set<String> readings = new LinkedHashSet<>();
    for (String piece : text.split("[;&|\\n(){}`]+")) {
      String bare = piece.replaceAll("[\"'\\\\]", "").strip().replaceAll("\\s+", " ");
      if (!bare.isEmpty()) {
        readings.add(bare);
      }
    }
    return new CommandText(
        List.of(), text, readings, Set.of(), Set.of(), true, false, "it could not be read", false);
  }

  /** Words joined by blanks; a blank inside a word stands as U+0001. */
  static String plain(List<Word> words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).text();
      boolean blank = word.indexOf(' ') >= 0 || word.indexOf('\t') >= 0 || word.indexOf('\n') >= 0;
      text.append(i == 0 ? "" : " ");
      text.append(
          blank ? word.replace(' ', BLANK).replace('\t', BLANK).replace('\n', BLANK) : word);
    }
    return text.toString();
  }

  /** {@code xargs} is looked through for an allow only as long as it has no flags of its own. */
  private static boolean fedWithFlags(List<List<Word>> wrappers) {
    for (List<Word> outer : wrappers) {
      if (outer.size() > 1
          && outer.get(0).text().equals("xargs")
          && outer.get(1).text().startsWith("-")) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> inner(List<Word> words) {
    if (words.size() < 2 || Subcommands.of(words.get(0).text()) != null) {
      return Set.of();
    }
    Set<String> inner = new LinkedHashSet<>();
    for (int i = 1; i < Math.min(words.size(), DEEPEST); i++) {
      inner.add(joined(words.subList(i, Math.min(words.size(), i + 2 * DEEPEST))));
    }
    return inner;
  }

  /** Where file names know no case, {@code RM} is {@code rm}. */
  private static String lowerProgram(String text) {
    int end = text.indexOf(' ') < 0 ? text.length() : text.indexOf(' ');
    String program = text.substring(0, end);
    String lower = program.toLowerCase(Locale.ROOT);
    return lower.equals(program) ? text : lower + text.substring(end);
  }

  private static String joined(List<Word> words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words.size(); i++) {
      text.append(i == 0 ? "" : " ").append(words.get(i).text());
    }
    return text.toString().strip();
  }

  /** Whether it puts files into the repository as they are. */
  public boolean commits() {
    return words.size() > 1
        && program().equals("git")
        && Set.of("add", "stage", "commit").contains(words.get(1));
  }

  /** The characters of all its forms together. */
  int length() {
    int length = plain.length();
    for (Set<String> forms : List.of(readings, inner, outer)) {
      for (String form : forms) {
        length += form.length();
      }
    }
    return length;
  }

  /** The program's name without its folder; empty if there is none. */
  public String program() {
    return words.isEmpty() ? "" : words.get(0).substring(words.get(0).lastIndexOf('/') + 1);
  }
}

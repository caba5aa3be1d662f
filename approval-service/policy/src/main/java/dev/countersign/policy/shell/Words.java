package dev.countersign.policy.shell;

import dev.countersign.policy.shell.syntax.RawWord;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a command.
 *
 * @param shown as the program will see them, as far as that is known
 * @param resolved with constants of the script put in
 * @param braced as written, if a brace expansion was performed in {@code shown}; else null
 */
record Words(List<Word> shown, List<Word> resolved, List<Word> braced) {
  /** What a program sees of {@code <(…)}. */
  static final Word PROCESS = new Word("/dev/fd/63", Word.Certainty.LITERAL);

  static Words of(List<RawWord> raw, Scope scope) {
    List<Word> plain = new ArrayList<>(raw.size());
    for (int i = 0; i < raw.size() && raw.get(i).literal(); i++) {
      plain.add(new Word(raw.get(i).text(), Word.Certainty.LITERAL));
    }
    return plain.size() == raw.size() ? new Words(plain, plain, null) : expanded(raw, scope);
  }

  private static Words expanded(List<RawWord> raw, Scope scope) {
    List<Word> written = new ArrayList<>(raw.size());
    List<Word> shown = new ArrayList<>(raw.size());
    List<Word> resolved = new ArrayList<>(raw.size());
    boolean braces = false;
    for (int i = 0; i < raw.size(); i++) {
      RawWord word = raw.get(i);
      written.add(shown(word));
      if (i > 0 && isProcess(word)) {
        shown.add(PROCESS);
        resolved.add(PROCESS);
        continue;
      }
      List<String> several = word.braces() && plain(word) ? Braces.expand(word.text()) : List.of();
      if (several.isEmpty()) {
        shown.add(shown(word));
        resolved(word, scope, resolved);
      } else {
        braces = true;
        for (String one : several) {
          boolean computes = i == 0;
          Word.Certainty certainty =
              computes
                  ? Word.Certainty.EXPANDED
                  : word.glob() ? Word.Certainty.GLOB : Word.Certainty.LITERAL;
          shown.add(new Word(one, certainty));
          resolved.add(new Word(one, Word.Certainty.LITERAL));
        }
      }
    }
    return new Words(shown, resolved, braces ? written : null);
  }

  /** Whether a word is one process substitution and nothing else. */
  private static boolean isProcess(RawWord word) {
    return word.runs().size() == 1
        && word.variables().isEmpty()
        && !word.quoted()
        && word.text().matches("(?s)[<>]\\([^$`]*[)…]");
  }

  private static boolean plain(RawWord word) {
    return !word.quoted() && !word.expanded();
  }

  /** The word as it stands. */
  static Word shown(RawWord word) {
    Word.Certainty certainty =
        word.expanded() || word.braces()
            ? Word.Certainty.EXPANDED
            : word.quotedClass()
                ? Word.Certainty.QUOTED_CLASS
                : word.glob() ? Word.Certainty.GLOB : Word.Certainty.LITERAL;
    return new Word(word.text(), certainty);
  }

  private static void resolved(RawWord word, Scope scope, List<Word> into) {
    String text = resolve(word, scope);
    String seems = into.isEmpty() ? text : seeming(word, scope);
    boolean split = false;
    for (RawWord.Variable variable : word.variables()) {
      split |= variable.split();
    }
    List<String> several =
        split && !text.equals(word.text()) ? List.of(text.trim().split("\\s+")) : List.of();
    if (several.size() > 1) {
      several.forEach(one -> into.add(new Word(one, Word.Certainty.LITERAL)));
    } else if (!seems.equals(text)) {
      into.add(new Word(seems, Word.Certainty.EXPANDED));
    } else if (text.equals(word.text())) {
      into.add(shown(word));
    } else if (split) {
      into.add(new Word(text.trim(), Word.Certainty.LITERAL));
    } else {
      into.add(new Word(text, Word.Certainty.LITERAL));
    }
  }

  /** What a word seems to be, its variables as they were written; null if they say nothing. */
  static String written(RawWord word, Scope scope) {
    String text = seeming(word, scope);
    return text.startsWith("$(") || text.startsWith("`") || text.startsWith("(") ? null : text;
  }

  /** The value a variable gets from a word; null if it is not known. */
  static String constant(RawWord word, Scope scope) {
    if (word.literal()) {
      return word.text();
    }
    boolean only = word.runs().isEmpty() && !word.variables().isEmpty();
    int plain = 0;
    for (RawWord.Variable variable : word.variables()) {
      only &= scope.value(variable.name()) != null;
      plain++;
    }
    String text = only ? resolve(word, scope) : null;
    boolean whole = only && plain > 0 && !text.contains("$") && text.length() < 1000;
    return whole ? text : null;
  }

  /** The text with constants of the script put in for their variables. */
  static String resolve(RawWord word, Scope scope) {
    return substituted(word, scope, false);
  }

  /** The same, and what other variables were last written as. */
  static String seeming(RawWord word, Scope scope) {
    return substituted(word, scope, true);
  }

  private static String substituted(RawWord word, Scope scope, boolean seeming) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (RawWord.Variable variable : word.variables()) {
      String value = scope.value(variable.name());
      value = value == null && seeming ? scope.seeming(variable.name()) : value;
      if (value == null || variable.at() < at) {
        continue;
      }
      text.append(word.text(), at, variable.at()).append(value);
      at = variable.at() + variable.length();
      if (text.length() > 10_000) {
        return word.text();
      }
    }
    return at == 0 ? word.text() : text.append(word.text().substring(at)).toString();
  }
}

package dev.countersign.policy.shell.syntax;

import java.util.ArrayList;
import java.util.List;

/** A word while it is read. */
final class Pieces {
  private static final int LONGEST_EXPANSION = 200;

  final StringBuilder text = new StringBuilder();
  boolean quoted;
  boolean continued;
  boolean expanded;
  String hazard;
  final List<Node> runs = new ArrayList<>(0);
  final List<String> arithmetic = new ArrayList<>(0);
  private final List<RawWord.Variable> variables = new ArrayList<>(0);
  private boolean glob;
  private boolean bracketOpen;
  private boolean inClass;
  private boolean quotedClass;
  private int brace;

  /** Adds a character that no quote protects. */
  void plain(char c) {
    text.append(c);
    switch (c) {
      case '*', '?' -> glob = true;
      case '[' -> {
        bracketOpen = true;
        inClass = true;
      }
      case ']' -> {
        glob |= bracketOpen;
        inClass &= first();
      }
      case '{' -> brace = Math.max(brace, 1);
      case ',' -> brace = brace == 1 ? 2 : brace;
      case '.' -> brace = brace == 1 && dotted() ? 2 : brace;
      case '}' -> brace = brace == 2 ? 3 : brace;
      default -> {}
    }
  }

  /** Whether the bracket just added may close nothing, or no more than a name inside a class. */
  private boolean first() {
    return text.length() > 1 && "[!^:.=".indexOf(text.charAt(text.length() - 2)) >= 0;
  }

  private void inClass(char c) {
    quotedClass |= inClass && "[]!^-:".indexOf(c) >= 0;
  }

  private boolean dotted() {
    return text.length() > 1 && text.charAt(text.length() - 2) == '.';
  }

  void quotedText(String protectedText) {
    quoted = true;
    for (int i = 0; inClass && i < protectedText.length(); i++) {
      inClass(protectedText.charAt(i));
    }
    text.append(protectedText);
  }

  void quotedText(char c) {
    quoted = true;
    inClass(c);
    text.append(c);
  }

  /** Puts an expansion in as written, in place of what was added since {@code mark}. */
  void expansion(int mark, String source, int from, int to) {
    expanded = true;
    text.setLength(mark);
    if (to - from > LONGEST_EXPANSION) {
      text.append(source, from, from + LONGEST_EXPANSION).append('…');
    } else {
      text.append(source, from, to);
    }
  }

  void variable(String name, int mark, boolean split) {
    variables.add(new RawWord.Variable(name, mark, text.length() - mark, split));
  }

  void hazard(String why) {
    if (hazard == null) {
      hazard = why;
    }
  }

  /** Forgets variables that stood inside a larger expansion. */
  int variableCount() {
    return variables.size();
  }

  void keepVariables(int count) {
    variables.subList(count, variables.size()).clear();
  }

  RawWord build() {
    boolean otherHome =
        !quoted && text.length() > 1 && text.charAt(0) == '~' && text.charAt(1) != '/';
    return new RawWord(
        text.toString(),
        quoted,
        continued,
        glob,
        glob && quotedClass,
        expanded || otherHome,
        brace == 3,
        List.copyOf(variables),
        List.copyOf(runs),
        List.copyOf(arithmetic),
        hazard);
  }
}

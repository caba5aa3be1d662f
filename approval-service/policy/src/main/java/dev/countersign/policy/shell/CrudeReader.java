package dev.countersign.policy.shell;

import dev.countersign.policy.shell.syntax.Budget;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for commands in a text that is no script: splits it at separators and quotes. What it finds
 * is for deny rules; nothing of it can be allowed.
 */
final class CrudeReader {
  private final Walker walker;
  private final Frame frame;
  private final Scope scope;

  CrudeReader(Walker walker, Frame outer, Scope scope) {
    this.walker = walker;
    this.frame = outer.notAllowable("part of a text that could not be read");
    this.scope = scope;
  }

  /** Looks through a text that no parser saw. */
  static void read(String text, List<Part> into) {
    Walker walker = new Walker(into, new Budget(16L * text.length() + 10_000));
    new CrudeReader(walker, Frame.start(), new Scope()).read(text);
  }

  void read(String text) {
    List<Word> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '\n';
      boolean ends = "\n;&|(){}`".indexOf(c) >= 0;
      if (ends || c == ' ' || c == '\t' || c == '\0' || c == '\r') {
        if (word.length() > 0) {
          words.add(new Word(word.toString(), Word.Certainty.LITERAL));
          word.setLength(0);
        }
        boolean last = ends || !words.isEmpty() && reserved(words.get(words.size() - 1).text());
        if (last && !words.isEmpty()) {
          command(words);
          words = new ArrayList<>();
        }
      } else if (c != '"' && c != '\'' && c != '\\') {
        word.append(c);
      }
    }
  }

  private void command(List<Word> words) {
    int first = 0;
    while (first < words.size() - 1 && skipped(words.get(first).text())) {
      first++;
    }
    walker.programs().look(Call.of(words.subList(first, words.size()), frame, scope));
  }

  private static boolean reserved(String word) {
    return switch (word) {
      case "if", "then", "else", "elif", "while", "until", "do", "in", "!", "time", "$" -> true;
      default -> false;
    };
  }

  private static boolean skipped(String word) {
    return word.matches("[A-Za-z_][A-Za-z0-9_]*=.*") || word.startsWith("#");
  }
}

package dev.countersign.policy.shell;

import dev.countersign.policy.shell.syntax.Node;
import dev.countersign.policy.shell.syntax.RawWord;
import java.util.ArrayList;
import java.util.List;

/** Says what a stage of a pipeline hands to the next one. */
final class Inputs {
  private Inputs() {}

  static Input from(Node stage, Scope scope) {
    if (!(stage instanceof Node.Simple simple) || simple.words().isEmpty()) {
      return Input.UNKNOWN;
    }
    List<RawWord> words = simple.words();
    return switch (words.get(0).text()) {
      case "echo", "printf" -> printed(words, scope);
      case "cat" -> documents(simple, scope);
      case "find" -> found(words, scope);
      default -> Input.UNKNOWN;
    };
  }

  private static Input printed(List<RawWord> words, Scope scope) {
    StringBuilder text = new StringBuilder();
    boolean options = true;
    for (RawWord word : words.subList(1, words.size())) {
      options &= word.text().matches("-[neE]+|--|%s(\\\\n)?");
      if (!options) {
        text.append(Words.resolve(word, scope)).append(' ');
      }
    }
    return Input.text(text.toString().replace("\\n", "\n") + "\n");
  }

  private static Input documents(Node.Simple cat, Scope scope) {
    StringBuilder text = new StringBuilder();
    for (Node.Redirection redirection : cat.redirects()) {
      if (redirection.document() != null) {
        text.append(Words.resolve(redirection.document().body(), scope));
      } else if (redirection.operator().equals("<<<")) {
        text.append(Words.resolve(redirection.target(), scope)).append('\n');
      }
    }
    return cat.words().size() == 1 && text.length() > 0
        ? Input.text(text.toString())
        : Input.UNKNOWN;
  }

  private static Input found(List<RawWord> words, Scope scope) {
    for (RawWord word : words) {
      if (word.text().matches("-(f?printf|exec|execdir|ok|okdir|f?ls|files0-from)")
          || word.expanded()) {
        return Input.UNKNOWN;
      }
    }
    List<Word> roots = new ArrayList<>();
    for (RawWord word : words.subList(1, words.size())) {
      if (word.text().startsWith("-") || word.text().startsWith("(") || word.text().equals("!")) {
        break;
      }
      if (!word.literal()) {
        return Input.UNKNOWN;
      }
      roots.addAll(scope.directory().seen(Words.shown(word)));
    }
    if (roots.isEmpty()) {
      roots.addAll(scope.directory().seen(new Word(".", Word.Certainty.LITERAL)));
    }
    return Input.paths(roots);
  }
}

package dev.countersign.policy.shell;

import dev.countersign.policy.shell.syntax.Node;
import dev.countersign.policy.shell.syntax.RawWord;
import java.util.List;

/** Says what a stage of a pipeline hands to the next one. */
final class Inputs {
  private Inputs() {}

  static Input from(Node stage, Scope scope) {
    if (!(stage instanceof Node.Simple simple) || simple.words().isEmpty()) {
      return Input.UNKNOWN;
    }
    List<RawWord> words = simple.words();
    String program = words.get(0).text();
    if (scope.isFunction(program) || scope.isAlias(program)) {
      return Input.UNKNOWN;
    }
    return switch (program) {
      case "echo", "printf" -> printed(words, scope);
      case "cat" -> documents(simple, scope);
      case "find" -> found(simple, scope);
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

  private static Input found(Node.Simple find, Scope scope) {
    List<RawWord> words = find.words();
    for (RawWord word : words) {
      if (word.text().matches("-(f?printf|exec|execdir|ok|okdir|f?ls|files0-from)")
          || word.expanded()) {
        return Input.UNKNOWN;
      }
    }
    FoundNames names = FoundNames.of(words.stream().map(Words::shown).toList());
    for (Word root : names.roots()) {
      if (!root.literal()) {
        return Input.UNKNOWN;
      }
    }
    boolean only =
        scope.taint() == null
            && find.assignments().isEmpty()
            && find.redirects().stream().noneMatch(r -> r.operator().contains("&"));
    return Input.paths(
        Finders.roots(names.roots(), scope.directory()), only ? names.printed() : null);
  }
}

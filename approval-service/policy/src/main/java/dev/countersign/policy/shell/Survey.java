package dev.countersign.policy.shell;

import dev.countersign.policy.shell.syntax.Node;
import dev.countersign.policy.shell.syntax.RawWord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks over a whole script before it is walked: loops and functions run things in another order
 * than they are written, so what changes the meaning of names counts for all of it.
 */
final class Survey {
  private static final Pattern ASSIGNED = Pattern.compile("(?<![\\w\\]])([A-Za-z_]\\w*)\\s*=(?!=)");

  private final Scope scope;
  private final Set<String> calledWith = new HashSet<>();
  private final Set<String> numbers = new HashSet<>();
  private final Set<String> others = new HashSet<>();
  private final Set<String> once = new HashSet<>();
  private final Set<String> unsure = new HashSet<>();
  private int conditional;
  private boolean dynamic;

  Survey(Scope scope) {
    this.scope = scope;
  }

  void look(List<Node> nodes) {
    nodes.forEach(this::node);
    for (String program : calledWith) {
      if (scope.isFunction(program)) {
        scope.taint("a function of the script runs with variables of its own");
      }
    }
    if (dynamic) {
      scope.becomeDynamic();
    } else {
      numbers.removeAll(others);
      scope.numbers(numbers);
      once.removeAll(unsure);
      scope.sure(once);
    }
  }

  /** Notes that a name is set; what is set once, and whatever happens, holds that value. */
  private void set(String name) {
    if (conditional > 0 || !once.add(name)) {
      unsure.add(name);
    }
  }

  private void node(Node node) {
    if (node instanceof Node.Sequence sequence) {
      sequence.items().forEach(this::node);
    } else if (node instanceof Node.Background background) {
      node(background.item());
    } else if (node instanceof Node.AndOr list) {
      node(list.items().get(0));
      conditional++;
      list.items().subList(1, list.items().size()).forEach(this::node);
      conditional--;
    } else if (node instanceof Node.Pipeline pipeline) {
      pipeline.stages().forEach(this::node);
    } else if (node instanceof Node.Function function) {
      scope.define(function.name());
      conditional++;
      node(function.body());
      conditional--;
    } else if (node instanceof Node.Compound compound) {
      compound(compound);
    } else if (node instanceof Node.Simple simple) {
      simple(simple);
    }
  }

  private void compound(Node.Compound compound) {
    if (compound.variable() != null) {
      set(compound.variable());
      taintIfRisky(compound.variable());
      boolean counts = !compound.words().isEmpty();
      for (RawWord word : compound.words()) {
        counts &= word.text().matches("[0-9]+|\\{[0-9]+\\.\\.[0-9]+\\}") && !word.expanded();
      }
      (counts ? numbers : others).add(compound.variable());
    }
    if (compound.kind() == Node.Kind.FOR && compound.variable() == null) {
      // What arithmetic assigns is a number.
      Matcher assigned = ASSIGNED.matcher(compound.words().get(0).text());
      while (assigned.find()) {
        numbers.add(assigned.group(1));
      }
    }
    compound.words().forEach(this::word);
    compound.redirects().forEach(redirection -> word(redirection.target()));
    conditional += compound.kind() == Node.Kind.GROUP ? 0 : 1;
    compound.bodies().forEach(this::node);
    conditional -= compound.kind() == Node.Kind.GROUP ? 0 : 1;
  }

  private void simple(Node.Simple simple) {
    for (Node.Assignment assignment : simple.assignments()) {
      boolean number = assignment.value() != null && number(assignment.value());
      (number ? numbers : others).add(assignment.name());
      if (simple.words().isEmpty()) {
        set(assignment.name());
      }
      if (simple.words().isEmpty() && Variables.risky(assignment.name())) {
        scope.taint("the script sets " + assignment.name());
      }
      assignment.elements().forEach(this::word);
      if (assignment.value() != null) {
        word(assignment.value());
      }
    }
    simple.words().forEach(this::word);
    simple.redirects().forEach(redirection -> word(redirection.target()));
    if (!simple.words().isEmpty()) {
      if (simple.assignments().stream().anyMatch(a -> !Variables.harmless(a.name()))) {
        calledWith.add(simple.words().get(0).text());
      }
      command(simple.words());
      boolean reads = simple.redirects().stream().anyMatch(r -> r.operator().startsWith("<"));
      if (reads && simple.words().stream().anyMatch(word -> word.text().equals("exec"))) {
        scope.taint("the script changes what later commands read");
      }
    }
  }

  private static boolean number(RawWord value) {
    String text = value.text();
    return value.literal() && text.matches("[0-9]+")
        || text.startsWith("$((") && text.endsWith("))") && value.variables().isEmpty();
  }

  private void taintIfRisky(String name) {
    if (Variables.risky(name)) {
      scope.taint("the script sets " + name);
    }
  }

  private void word(RawWord word) {
    Settings.byExpansion(word).forEach(this::taintIfRisky);
    word.runs().forEach(this::node);
  }

  private static boolean passesOn(String program) {
    return program.equals("command") || program.equals("builtin");
  }

  private void command(List<RawWord> words) {
    int first = 0;
    while (first < words.size() - 1 && passesOn(words.get(first).text())) {
      first++;
    }
    List<RawWord> arguments = words.subList(first + 1, words.size());
    dynamic |= !words.get(first).literal();
    if (Copies.copies(words.get(first).text())) {
      scope.copies().note(words.subList(first, words.size()).stream().map(Words::shown).toList());
    }
    switch (words.get(first).text()) {
      case "cd", "pushd", "popd" -> scope.willMove();
      case "eval", "source", ".", "trap" -> {
        dynamic = true;
        scope.willMove();
        if (arguments.stream().anyMatch(Settings::inText)) {
          scope.taint("the script sets variables in a text it runs");
        }
      }
      case "export" -> sets(arguments, true);
      case "declare", "typeset", "local", "readonly" -> {
        sets(arguments, arguments.stream().anyMatch(word -> word.text().matches("-[A-Za-z]*x.*")));
        if (arguments.stream().anyMatch(word -> word.text().matches("-[A-Za-z]*n.*"))) {
          scope.taint("the script gives a variable another name");
        }
      }
      case "read", "mapfile", "readarray", "getopts", "unset", "let", "wait" ->
          sets(arguments, false);
      case "printf" -> {
        if (!arguments.isEmpty() && arguments.get(0).text().startsWith("-v")) {
          sets(arguments, false);
          taintIfRisky(arguments.get(0).text().substring(2));
        }
      }
      case "alias" -> {
        for (RawWord word : arguments) {
          int equals = word.text().indexOf('=');
          if (equals > 0) {
            scope.alias(word.text().substring(0, equals));
          }
        }
      }
      case "set" -> {
        for (RawWord word : arguments) {
          if (word.text().matches("-[A-Za-z]*[ak].*|allexport|keyword|posix") || !word.literal()) {
            scope.taint("the script exports whatever it sets");
          }
        }
      }
      case "shopt", "setopt", "unsetopt", "emulate" -> {
        if (arguments.stream().anyMatch(Settings::ofGlobs)) {
          scope.taint("the script changes what globs stand for");
        }
      }
      case "hash", "enable" -> {
        if (!arguments.isEmpty()) {
          scope.taint("the script changes what command names mean");
        }
      }
      default -> {}
    }
  }

  private void sets(List<RawWord> arguments, boolean exports) {
    for (RawWord word : arguments) {
      String text = word.text();
      int end = 0;
      while (end < text.length()
          && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
        end++;
      }
      String name = text.substring(0, end);
      boolean number = text.substring(end).matches("=[0-9]+");
      (number ? numbers : others).add(name);
      unsure.add(name);
      if (exports && !name.isEmpty() && !Variables.harmless(name)) {
        scope.taint("the script exports " + name);
      } else if (Variables.risky(name) || end == 0 && !word.literal()) {
        scope.taint("the script may set " + (name.isEmpty() ? text : name));
      }
    }
  }
}

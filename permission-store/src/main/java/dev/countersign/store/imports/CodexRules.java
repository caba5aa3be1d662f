package dev.countersign.store.imports;

import dev.countersign.policy.RuleEffect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Codex' {@code .rules}: the words a command begins with, and a decision. The strictest decision
 * wins there, as it does here.
 */
final class CodexRules implements SettingsReader {
  private static final int MAX_ALTERNATIVES = 200;
  private static final Map<String, RuleEffect> DECISIONS =
      Map.of("allow", RuleEffect.ALLOW, "prompt", RuleEffect.ASK, "forbidden", RuleEffect.DENY);
  private static final List<String> ARGUMENTS =
      List.of("pattern", "decision", "match", "not_match", "justification");

  @Override
  public List<Item> read(String text) throws UnreadableFileException {
    List<Clause> clauses = new ArrayList<>();
    List<Item> others = new ArrayList<>();
    for (Starlark.Call call : StarlarkReader.read(text)) {
      switch (call.name()) {
        case "prefix_rule" -> clauses.add(prefixRule(call));
        case "network_rule" -> clauses.add(networkRule(call));
        case "host_executable" ->
            others.add(
                Item.leftOut(
                    call.line(),
                    call.name() + "(...)",
                    "a rule here fits a program as it is written, with or without its folder"));
        default ->
            throw UnreadableFileException.malformed(
                call.line(), call.column(), call.name() + " is not known here");
      }
    }
    List<Item> items = new ArrayList<>(Precedence.strictestWins(clauses));
    items.addAll(others);
    return items;
  }

  private static Clause prefixRule(Starlark.Call call) throws UnreadableFileException {
    for (Map.Entry<String, Starlark.Value> argument : call.arguments().entrySet()) {
      if (!ARGUMENTS.contains(argument.getKey())) {
        throw Starlark.unknown(argument.getValue(), argument.getKey() + " is not known here");
      }
    }
    RuleEffect effect = decision(call, DECISIONS);
    List<List<String>> words = words(call);
    String source = Texts.shown(source(words) + " " + text(call, "decision", "allow"));
    List<String> rules = new ArrayList<>();
    List<String> reach = new ArrayList<>();
    String note = null;
    for (List<String> command : alternatives(call, words)) {
      List<String> sayable =
          command.stream().takeWhile(word -> !word.isEmpty() && word.matches("\\S+")).toList();
      String why = null;
      if (sayable.size() < command.size()) {
        why = "a word with a blank, or an empty one, cannot stand in a rule";
        if (effect != RuleEffect.ALLOW && !sayable.isEmpty()) {
          note = why + "; it was cut there";
          why = null;
        }
      }
      String prefix = String.join(" ", sayable.isEmpty() ? command : sayable);
      why = why == null ? Commands.obstacle(prefix) : why;
      reach.addAll(Commands.reach(prefix + " *"));
      if (why != null) {
        return Clause.obstructed(call.line(), source, effect, "Bash", Clause.ANY, why);
      }
      rules.add("Bash(" + Commands.literal(prefix) + " *)");
    }
    return new Clause(call.line(), source, effect, "Bash", reach, rules, List.of(), note, null);
  }

  private static Clause networkRule(Starlark.Call call) throws UnreadableFileException {
    RuleEffect effect =
        decision(
            call,
            Map.of(
                "allow", RuleEffect.ALLOW,
                "prompt", RuleEffect.ASK,
                "forbidden", RuleEffect.DENY,
                "deny", RuleEffect.DENY));
    String host = text(call, "host", "");
    String source = Texts.shown("network " + host + " " + text(call, "decision", "allow"));
    List<String> reach = List.of(host);
    return effect == RuleEffect.ALLOW
        ? Clause.obstructed(
            call.line(),
            source,
            effect,
            "WebFetch",
            reach,
            "it opens the network of sandboxed commands, not a tool")
        : new Clause(
            call.line(),
            source,
            effect,
            "WebFetch",
            reach,
            List.of("WebFetch(domain:" + host + ")"),
            List.of(),
            "here for every protocol, for tools that fetch, and for subdomains",
            null);
  }

  private static RuleEffect decision(Starlark.Call call, Map<String, RuleEffect> words)
      throws UnreadableFileException {
    String word = text(call, "decision", "allow");
    if (!words.containsKey(word)) {
      throw Starlark.unknown(
          call.arguments().get("decision"), "the decision is none of allow, prompt, forbidden");
    }
    return words.get(word);
  }

  private static String text(Starlark.Call call, String name, String absent)
      throws UnreadableFileException {
    Starlark.Value value = call.arguments().get(name);
    if (value == null) {
      return absent;
    }
    if (value instanceof Starlark.Text text) {
      return text.value();
    }
    throw Starlark.unknown(value, name + " must be a text");
  }

  /** The alternatives of every word. */
  private static List<List<String>> words(Starlark.Call call) throws UnreadableFileException {
    if (!(call.arguments().get("pattern") instanceof Starlark.Elements pattern)
        || pattern.values().isEmpty()) {
      throw UnreadableFileException.malformed(
          call.line(), call.column(), "pattern must be a list of words");
    }
    List<List<String>> words = new ArrayList<>();
    for (Starlark.Value word : pattern.values()) {
      if (word instanceof Starlark.Text text) {
        words.add(List.of(text.value()));
        continue;
      }
      List<String> choice = new ArrayList<>();
      if (word instanceof Starlark.Elements several) {
        for (Starlark.Value one : several.values()) {
          if (!(one instanceof Starlark.Text text)) {
            throw Starlark.unknown(one, "an alternative must be a text");
          }
          choice.add(text.value());
        }
      }
      if (choice.isEmpty()) {
        throw Starlark.unknown(word, "a word must be a text or a list of texts");
      }
      words.add(choice);
    }
    return words;
  }

  private static List<List<String>> alternatives(Starlark.Call call, List<List<String>> words)
      throws UnreadableFileException {
    List<List<String>> commands = List.of(List.of());
    for (List<String> choice : words) {
      List<List<String>> longer = new ArrayList<>();
      for (List<String> command : commands) {
        for (String word : choice) {
          List<String> more = new ArrayList<>(command);
          more.add(word);
          longer.add(more);
        }
      }
      if (longer.size() > MAX_ALTERNATIVES) {
        throw UnreadableFileException.malformed(
            call.line(),
            call.column(),
            "stands for more than %d commands".formatted(MAX_ALTERNATIVES));
      }
      commands = longer;
    }
    return commands;
  }

  private static String source(List<List<String>> words) {
    return String.join(
        " ",
        words.stream()
            .map(choice -> choice.size() == 1 ? choice.get(0) : String.join("|", choice))
            .toList());
  }
}

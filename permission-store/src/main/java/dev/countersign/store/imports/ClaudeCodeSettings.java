package dev.countersign.store.imports;

import dev.countersign.policy.RuleEffect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Claude Code's {@code settings.json}. Its rules have our grammar and our order (deny, ask, allow),
 * so they are taken as they are.
 */
final class ClaudeCodeSettings implements SettingsReader {
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "defaultMode", "a session's mode is set when it starts",
          "additionalDirectories", "a session's workspace roots are set when it starts",
          "disableBypassPermissionsMode",
              "who may bypass is a role of the person here, not a setting",
          "disableAutoMode", "a session's mode is set when it starts");

  private static final List<String> FILES =
      List.of("Read", "Edit", "Write", "MultiEdit", "NotebookEdit", "Glob", "Grep", "LS");

  @Override
  public List<Item> read(String text) throws UnreadableFileException {
    Node.Fields root = NodeReader.read(text);
    List<Clause> clauses = new ArrayList<>();
    List<Item> others = new ArrayList<>();
    for (Node.Field field : root.fields()) {
      switch (field.key()) {
        case "permissions" -> permissions(field, clauses, others);
        case "allowedTools" -> list(field, RuleEffect.ALLOW, clauses, others);
        default -> {}
      }
    }
    List<Item> items = new ArrayList<>(Precedence.strictestWins(clauses));
    items.addAll(others);
    items.addAll(Others.settings(root, List.of("permissions", "allowedTools")));
    return items;
  }

  private static void permissions(Node.Field field, List<Clause> clauses, List<Item> others) {
    if (!(field.value() instanceof Node.Fields permissions)) {
      others.add(Item.leftOut(field.line(), "permissions", "must be a JSON object"));
      return;
    }
    for (Node.Field entry : permissions.fields()) {
      RuleEffect effect = RuleEffect.of(entry.key()).orElse(null);
      if (effect != null) {
        list(entry, effect, clauses, others);
      } else {
        String why = ELSEWHERE.getOrDefault(entry.key(), "is no setting known here");
        others.add(
            Item.leftOut(
                entry.line(), Texts.shown(entry.key() + ": " + entry.value().shown()), why));
      }
    }
  }

  private static void list(
      Node.Field field, RuleEffect effect, List<Clause> clauses, List<Item> others) {
    if (!(field.value() instanceof Node.Elements list)) {
      others.add(Item.leftOut(field.line(), field.key(), "must be an array of rules"));
      clauses.add(lost(field.line(), field.key(), effect));
      return;
    }
    for (Node value : list.values()) {
      clauses.add(
          value
              .text()
              .map(rule -> clause(value.line(), effect, rule))
              .orElseGet(() -> lost(value.line(), value.shown(), effect)));
    }
  }

  /** What cannot be read could be about anything. */
  private static Clause lost(int line, String shown, RuleEffect effect) {
    return Clause.obstructed(
        line, Texts.shown(effect.word() + " " + shown), effect, "*", Clause.ANY, "is no rule");
  }

  /** A rule. What denies files also holds for commands there, and so is about every tool. */
  private static Clause clause(int line, RuleEffect effect, String rule) {
    int open = rule.indexOf('(');
    String tool = (open < 0 ? rule : rule.substring(0, open)).strip();
    boolean server = tool.startsWith("mcp__") && tool.indexOf("__", 5) < 0;
    boolean files = FILES.contains(tool) && effect != RuleEffect.ALLOW;
    boolean readable = !files && tool.matches("[A-Za-z_*][A-Za-z0-9_.:*/-]*");
    List<String> reach = List.of("*");
    if (tool.equals("Bash") && open >= 0 && rule.endsWith(")")) {
      reach = Commands.reach(rule.substring(open + 1, rule.length() - 1).strip());
    }
    String anchored = anchored(tool, open < 0 ? "" : rule.substring(open + 1));
    if (anchored != null && effect == RuleEffect.ALLOW) {
      return Clause.obstructed(
          line,
          Texts.shown(effect.word() + " " + rule),
          effect,
          tool,
          Clause.ANY,
          "/ begins at the settings file there, and at the project here; write // or ~/");
    }
    if (anchored != null) {
      return new Clause(
          line,
          Texts.shown(effect.word() + " " + rule),
          effect,
          tool,
          Clause.ANY,
          List.of(rule.strip(), tool + "(~/.claude" + anchored),
          List.of(),
          "/ begins at the settings file there; here at the project, and at ~/.claude",
          null);
    }
    return new Clause(
        line,
        Texts.shown(effect.word() + " " + rule),
        effect,
        !readable ? "*" : server ? tool + "*" : tool,
        reach,
        List.of(rule.strip()),
        List.of(),
        null,
        null);
  }

  /** The path of a rule about files below where its settings file is; null if it is none. */
  private static String anchored(String tool, String inside) {
    return FILES.contains(tool) && inside.startsWith("/") && !inside.startsWith("//")
        ? inside.strip()
        : null;
  }
}

package dev.countersign.store.imports;

import dev.countersign.policy.RuleEffect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gemini CLI's {@code settings.json}, with the lists that came before policies. What it excludes
 * wins over what must be confirmed, then over what is allowed; servers that are trusted come last.
 */
final class GeminiSettings {
  private static final Pattern WITH_COMMAND = Pattern.compile("([A-Za-z0-9_-]+)\\((.*)\\)");
  private static final Map<String, String> OLDER =
      Map.of(
          "excludeTools", "tools.exclude",
          "allowedTools", "tools.allowed",
          "coreTools", "tools.core",
          "allowMCPServers", "mcp.allowed",
          "excludeMCPServers", "mcp.excluded");

  private final List<Clause> excluded = new ArrayList<>();
  private final List<Clause> confirmed = new ArrayList<>();
  private final List<Clause> allowed = new ArrayList<>();
  private final List<Clause> core = new ArrayList<>();
  private final List<Clause> trusted = new ArrayList<>();
  private final List<Item> others = new ArrayList<>();

  private GeminiSettings() {}

  static List<Item> read(String text) throws UnreadableFileException {
    return new GeminiSettings().items(NodeReader.read(text));
  }

  private List<Item> items(Node.Fields root) throws UnreadableFileException {
    for (Node.Field field : root.fields()) {
      if (List.of("tools", "mcp").contains(field.key())) {
        if (!(field.value() instanceof Node.Fields section)) {
          throw UnreadableFileException.malformed(
              field.line(), 1, "must have an object as " + field.key());
        }
        section.fields().forEach(list -> list(field.key() + "." + list.key(), list));
      } else if (field.key().equals("mcpServers") && field.value() instanceof Node.Fields servers) {
        servers.fields().forEach(this::server);
      } else if (OLDER.containsKey(field.key())) {
        list(OLDER.get(field.key()), field);
      }
    }
    List<Clause> clauses = new ArrayList<>();
    List.of(excluded, confirmed, allowed, core, trusted).forEach(clauses::addAll);
    List<Item> items = new ArrayList<>(Precedence.firstWins(clauses));
    items.addAll(others);
    List<String> known = new ArrayList<>(OLDER.keySet());
    known.addAll(List.of("tools", "mcp", "mcpServers"));
    items.addAll(Others.settings(root, known));
    return items;
  }

  private void list(String name, Node.Field field) {
    switch (name) {
      case "tools.exclude" -> each(field, tool -> excluded.add(tool(tool, RuleEffect.DENY)));
      case "tools.confirmationRequired" ->
          each(field, tool -> confirmed.add(tool(tool, RuleEffect.ASK)));
      case "tools.allowed" -> allowed(field);
      case "tools.core" -> core(field);
      case "mcp.excluded" -> each(field, server -> excluded.add(server(server, RuleEffect.DENY)));
      default ->
          others.add(Item.leftOut(field.line(), Texts.shown(name), "is no permission of a tool"));
    }
  }

  private void allowed(Node.Field field) {
    each(field, tool -> allowed.add(tool(tool, RuleEffect.ALLOW)));
    if (allowed.stream().anyMatch(c -> c.tool().equals("Bash") && !c.whole())) {
      allowed.add(
          Clause.obstructed(
              field.line(),
              "every other shell command",
              RuleEffect.DENY,
              "Bash",
              Clause.ANY,
              "newer versions deny it; here the mode of the session decides"));
    }
  }

  /** What it does not name is denied there, and everything behind it in the order is, too. */
  private void core(Node.Field field) {
    core.add(
        Clause.obstructed(
            field.line(),
            "core",
            RuleEffect.DENY,
            "*",
            Clause.ANY,
            "a list of the only tools that are offered; here that is for the agent to say"));
  }

  private void server(Node.Field server) {
    if (!(server.value() instanceof Node.Fields settings)) {
      return;
    }
    for (Node.Field field : settings.fields()) {
      if (field.key().equals("trust") && field.value().shown().equals("true")) {
        trusted.add(server(new Node.Text(field.line(), server.key()), RuleEffect.ALLOW));
      } else if (field.key().equals("excludeTools")) {
        each(
            field,
            tool ->
                excluded.add(
                    clause(
                        tool.line(),
                        "exclude " + server.key() + "/" + tool.value(),
                        RuleEffect.DENY,
                        GeminiTools.of(tool.value(), server.key(), RuleEffect.DENY))));
      }
    }
  }

  private static Clause server(Node.Text server, RuleEffect effect) {
    return clause(
        server.line(),
        effect.word() + " server " + server.value(),
        effect,
        GeminiTools.of("*", server.value(), effect));
  }

  private static Clause tool(Node.Text tool, RuleEffect effect) {
    String source = effect.word() + " " + tool.value();
    Matcher matcher = WITH_COMMAND.matcher(tool.value());
    if (!matcher.matches()) {
      return clause(tool.line(), source, effect, GeminiTools.of(tool.value(), null, effect));
    }
    GeminiTools names = GeminiTools.of(matcher.group(1), null, effect);
    String prefix = matcher.group(2);
    if (!GeminiTools.shell(matcher.group(1))) {
      return Clause.obstructed(
          tool.line(),
          Texts.shown(source),
          effect,
          names.reach(),
          Clause.ANY,
          "only commands can be named behind a tool");
    }
    String fault = prefix.indexOf('*') >= 0 ? "it holds a literal *" : Commands.obstacle(prefix);
    return fault != null
        ? Clause.obstructed(
            tool.line(), Texts.shown(source), effect, names.reach(), Clause.ANY, fault)
        : new Clause(
            tool.line(),
            Texts.shown(source),
            effect,
            names.reach(),
            Commands.reach(prefix + " *"),
            List.of("Bash(" + Commands.literal(prefix) + " *)"),
            List.of(),
            null,
            null);
  }

  private static Clause clause(int line, String source, RuleEffect effect, GeminiTools names) {
    Clause clause =
        new Clause(
            line,
            Texts.shown(source),
            effect,
            names.reach(),
            Clause.ANY,
            names.rules(),
            List.of(),
            names.note(),
            names.obstacle());
    return names.note() == null ? clause : clause.vague();
  }

  private void each(Node.Field field, Consumer<Node.Text> use) {
    if (!(field.value() instanceof Node.Elements elements)) {
      others.add(Item.leftOut(field.line(), Texts.shown(field.key()), "must be an array of names"));
      return;
    }
    for (Node value : elements.values()) {
      if (value instanceof Node.Text text) {
        use.accept(text);
      } else {
        others.add(Item.leftOut(value.line(), Texts.shown(value.shown()), "is no name"));
      }
    }
  }
}

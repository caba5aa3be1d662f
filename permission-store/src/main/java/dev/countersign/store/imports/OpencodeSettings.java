package dev.countersign.store.imports;

import dev.countersign.policy.RuleEffect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * opencode's {@code permission} in its configuration. The last line that fits wins there, over all
 * tools, so lines are looked at from the end.
 */
final class OpencodeSettings implements SettingsReader {
  private static final List<String> EDITS = List.of("write", "edit", "patch", "multiedit");
  private static final List<String> AGENTS = List.of("agent", "mode");

  @Override
  public List<Item> read(String text) throws UnreadableFileException {
    Node.Fields root = NodeReader.read(text);
    List<OpencodeLine> lines = new ArrayList<>();
    root.get("tools").ifPresent(tools -> tools(tools, lines));
    root.get("permission").ifPresent(permission -> permission(permission, null, lines));
    for (String kind : AGENTS) {
      if (root.get(kind).orElse(null) instanceof Node.Fields agents) {
        agents.fields().forEach(agent -> agent(agent, lines));
      }
    }
    boolean outside = outside(lines);
    List<Clause> clauses = new ArrayList<>();
    lines.forEach(line -> clauses.add(line.clause(outside)));
    Collections.reverse(clauses);
    List<Item> items = new ArrayList<>(Precedence.firstWins(clauses));
    items.addAll(Others.settings(root, List.of("permission", "tools", "agent", "mode")));
    return items;
  }

  private static void agent(Node.Field agent, List<OpencodeLine> lines) {
    if (agent.value() instanceof Node.Fields settings) {
      settings
          .get("permission")
          .ifPresent(permission -> permission(permission, agent.key(), lines));
    }
  }

  /** The older list of tools: {@code false} takes one away. */
  private static void tools(Node tools, List<OpencodeLine> lines) {
    if (!(tools instanceof Node.Fields fields)) {
      return;
    }
    for (Node.Field tool : fields.fields()) {
      String key = EDITS.contains(tool.key()) ? "edit" : tool.key();
      boolean off = tool.value().shown().equals("false");
      lines.add(
          new OpencodeLine(
              tool.line(),
              key,
              "*",
              off ? RuleEffect.DENY : RuleEffect.ALLOW,
              tool.value().shown(),
              null,
              off ? null : "it says that the tool is offered, not that it may be used unasked"));
    }
  }

  private static void permission(Node permission, String agent, List<OpencodeLine> lines) {
    if (permission instanceof Node.Fields keys) {
      for (Node.Field key : keys.fields()) {
        if (key.value() instanceof Node.Fields patterns) {
          patterns
              .fields()
              .forEach(p -> lines.add(line(p.line(), key.key(), p.key(), p.value(), agent)));
        } else {
          lines.add(line(key.line(), key.key(), "*", key.value(), agent));
        }
      }
    } else {
      lines.add(line(permission.line(), "*", "*", permission, agent));
    }
  }

  private static OpencodeLine line(
      int line, String key, String pattern, Node action, String agent) {
    Optional<RuleEffect> effect = action.text().flatMap(RuleEffect::of);
    String obstacle =
        effect.isEmpty()
            ? "it says none of allow, ask, deny"
            : agent == null
                ? null
                : "only for agent " + agent + "; a rule here has no such condition";
    return new OpencodeLine(
        line,
        EDITS.contains(key) ? "edit" : key,
        pattern,
        effect.orElse(RuleEffect.DENY),
        action.shown(),
        agent,
        obstacle);
  }

  /** Whether tools may reach out of the project without being asked about that, too. */
  private static boolean outside(List<OpencodeLine> lines) {
    boolean allowed = false;
    for (OpencodeLine line : lines) {
      boolean about = line.key().equals("external_directory");
      if (about || line.key().equals("*")) {
        boolean all = line.pattern().matches("\\*+");
        allowed = line.effect() == RuleEffect.ALLOW && (all || allowed);
      }
    }
    return allowed;
  }
}

package dev.countersign.policy.rules;

import dev.countersign.policy.ToolKind;
import dev.countersign.policy.tools.ToolEntry;
import java.util.List;
import java.util.Set;

/** What rules say of a tool before anybody knows how it will be called. */
public final class ToolRules {
  private static final Set<ToolKind> READING = Set.of(ToolKind.READ, ToolKind.SEARCH);

  private ToolRules() {}

  /** Whether a deny or ask of this rule holds for every call of the tool. */
  public static boolean whole(CompiledRule rule, CallFacts tool) {
    return rule.about(tool) && rule.specifier().unrestricted();
  }

  /** Whether the rule may hold for some calls of the tool. */
  public static boolean some(CompiledRule rule, CallFacts tool) {
    return rule.about(tool) || reached(tool.entry()).contains(rule.tool().text());
  }

  /** Whether the rule holds for some calls of the tool, and not for others. */
  public static boolean partly(CompiledRule rule, CallFacts tool) {
    return some(rule, tool) && !whole(rule, tool);
  }

  /** The names of rules about what the tool's input names. */
  private static List<String> reached(ToolEntry tool) {
    if (tool.shell()) {
      return List.of("Read", "Edit", "Delete", "WebFetch");
    }
    if (tool.has("url")) {
      return List.of("WebFetch");
    }
    if (!tool.has("path") && !tool.has("patch")) {
      return List.of();
    }
    return READING.contains(tool.kind()) ? List.of("Read") : List.of("Edit", "Delete");
  }
}

package dev.countersign.policy.tools;

import java.util.List;

/**
 * Tools that belong together: those of one agent, or of one MCP server.
 *
 * @param description what it is
 * @param tools its members, in the order of the catalogue
 */
public record ToolGroup(String name, String description, List<ToolEntry> tools) {
  public ToolGroup {
    tools = List.copyOf(tools);
  }

  /** The members that listings of permissions show. */
  public List<ToolEntry> visible() {
    return tools.stream().filter(tool -> !tool.hidden()).toList();
  }

  /** Whether listings of permissions leave the whole group out. */
  public boolean hidden() {
    return visible().isEmpty();
  }
}

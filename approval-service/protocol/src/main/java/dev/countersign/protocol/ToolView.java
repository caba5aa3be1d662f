package dev.countersign.protocol;

import java.util.List;

/**
 * A tool of the catalogue, or a group of them.
 *
 * @param kind what it does, in the words of the Agent Client Protocol; null for a group
 * @param group the group it belongs to; null for a group
 * @param defaultLevel what applies when nothing else settled a call: {@code always}, {@code ask} or
 *     {@code never}; null if the mode decides
 * @param hiddenInPermissions whether listings leave it out; its exact name finds it nevertheless
 * @param subTools the members of a group; empty for a tool
 */
public record ToolView(
    String name,
    String kind,
    String group,
    String defaultLevel,
    String description,
    boolean hiddenInPermissions,
    List<ToolView> subTools) {
  public ToolView {
    subTools = Require.list("subTools", subTools);
  }
}

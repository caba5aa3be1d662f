package dev.countersign.protocol;

import java.util.List;

/**
 * The tool catalogue as people see it.
 *
 * @param tools the groups that have anything to show, with their visible members
 */
public record ToolListing(List<ToolView> tools) {
  public ToolListing {
    tools = Require.list("tools", tools);
  }
}

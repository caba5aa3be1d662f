package dev.countersign.approval.tools;

import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.policy.tools.ToolEntry;
import dev.countersign.policy.tools.ToolGroup;
import dev.countersign.protocol.ToolListing;
import dev.countersign.protocol.ToolView;
import java.util.List;
import java.util.Optional;

/** Shows the tool catalogue. */
public final class ToolViews {
  private ToolViews() {}

  /** All groups with their visible tools; a group with nothing visible left is not shown. */
  public static ToolListing all(ToolCatalogue tools) {
    return new ToolListing(
        tools.groups().stream()
            .filter(group -> !group.hidden())
            .map(group -> view(group, group.visible()))
            .toList());
  }

  /** The tool or group of exactly this name, hidden or not; a group with all its members. */
  public static Optional<ToolView> named(ToolCatalogue tools, String name) {
    return tools.knows(name)
        ? Optional.of(view(tools.entry(name)))
        : tools.group(name).map(group -> view(group, group.tools()));
  }

  private static ToolView view(ToolGroup group, List<ToolEntry> members) {
    return new ToolView(
        group.name(),
        null,
        null,
        null,
        group.description(),
        group.hidden(),
        members.stream().map(ToolViews::view).toList());
  }

  private static ToolView view(ToolEntry tool) {
    return new ToolView(
        tool.name(),
        tool.kind().word(),
        tool.group(),
        tool.defaultLevel() == null ? null : tool.defaultLevel().word(),
        tool.description(),
        tool.hidden(),
        List.of());
  }
}

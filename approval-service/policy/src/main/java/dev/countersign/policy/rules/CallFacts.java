package dev.countersign.policy.rules;

import dev.countersign.policy.ToolCall;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.paths.Places;
import dev.countersign.policy.tools.ToolEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What rules need to know of a call besides the part they look at.
 *
 * @param bounds every set of workspace roots a path must lie in: the session's and its ancestors'
 * @param names every name under which a rule about the tool may stand: its own, its family's, that
 *     of its MCP server
 * @param effort what deciding this call has taken so far
 */
public record CallFacts(
    ToolCall call,
    ToolEntry entry,
    Places places,
    List<List<String>> bounds,
    List<String> names,
    Effort effort) {
  public CallFacts {
    bounds = List.copyOf(bounds);
    names = List.copyOf(names);
  }

  /** The facts of a call. */
  public CallFacts(ToolCall call, ToolEntry entry, Places places, List<List<String>> bounds) {
    this(call, entry, places, bounds, names(call.tool(), entry.family()), new Effort());
  }

  private static List<String> names(String tool, String family) {
    if (!tool.startsWith("mcp__")) {
      return family == null || family.equals(tool) ? List.of(tool) : List.of(tool, family);
    }
    List<String> names = new ArrayList<>();
    names.add(tool);
    if (family != null) {
      names.add(family);
    }
    for (int end = tool.indexOf("__", 5); end > 0; end = tool.indexOf("__", end + 1)) {
      names.add(tool.substring(0, end));
    }
    return names;
  }

  public String tool() {
    return call.tool();
  }

  /** The rule name that covers the tool besides its own; null if none does. */
  public String family() {
    return entry.family();
  }

  public Map<String, Object> input() {
    return call.input();
  }

  /** The name an agent tool is called with; null if the call has none. */
  public String agentName() {
    return entry.value("name", call.input()).map(String::valueOf).orElse(null);
  }

  /** Whether all of a file or folder is known to lie in the workspace. */
  public boolean inside(PathTouch touch) {
    return touch.doubt() == null
        && !touch.places().isEmpty()
        && touch.places().stream()
            .allMatch(
                path ->
                    bounds.stream()
                        .allMatch(
                            roots -> roots.stream().anyMatch(root -> Paths.within(path, root))));
  }
}

package dev.countersign.policy.rules;

import dev.countersign.policy.ToolCall;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.paths.Places;
import dev.countersign.policy.tools.ToolEntry;
import java.util.List;
import java.util.Map;

/**
 * What rules need to know of a call besides the part they look at.
 *
 * @param bounds every set of workspace roots a path must lie in: the session's and its ancestors'
 */
public record CallFacts(ToolCall call, ToolEntry entry, Places places, List<List<String>> bounds) {
  public CallFacts {
    bounds = List.copyOf(bounds);
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

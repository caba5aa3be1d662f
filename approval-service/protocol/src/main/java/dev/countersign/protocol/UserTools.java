package dev.countersign.protocol;

import java.util.List;
import java.util.Map;

/**
 * What a user settled, tool by tool, beside what the catalogue says.
 *
 * @param version of the user's document
 * @param tools the groups that have anything to show
 * @param others tools that the user settled and the catalogue does not know
 */
public record UserTools(String user, long version, List<Group> tools, List<Settled> others) {
  /** A group of the catalogue, with its visible members. */
  public record Group(String name, String description, List<Settled> subTools) {
    public Group {
      subTools = Require.list("subTools", subTools);
    }
  }

  /**
   * A tool.
   *
   * @param level for the whole tool: {@code always}, {@code ask} or {@code never}; null if the mode
   *     decides
   * @param source where the level comes from: {@code override}, {@code default} or {@code mode}
   * @param defaultLevel what the catalogue says; null if it leaves it to the mode
   * @param resources what is settled for single resources, by resource or pattern
   */
  public record Settled(
      String name,
      String kind,
      String description,
      String level,
      String source,
      String defaultLevel,
      Map<String, UserDocument.Entry> resources) {
    public Settled {
      resources = Require.map("resources", resources);
    }
  }

  public UserTools {
    tools = Require.list("tools", tools);
    others = Require.list("others", others);
  }
}

package dev.countersign.store.tools;

import dev.countersign.document.Expiry;
import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.policy.tools.ToolEntry;
import dev.countersign.policy.tools.ToolGroup;
import dev.countersign.protocol.UserDocument;
import dev.countersign.protocol.UserTools;
import dev.countersign.protocol.UserTools.Group;
import dev.countersign.protocol.UserTools.Settled;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** The tool catalogue beside what a user settled. Pure: nothing is read here. */
public final class SettledTools {
  private static final UserDocument.Tool NOTHING = new UserDocument.Tool(null, null);

  private final ToolCatalogue tools;
  private final UserDocument document;

  private SettledTools(ToolCatalogue tools, UserDocument document) {
    this.tools = tools;
    this.document = document;
  }

  /**
   * The listing of a user. Hidden tools are left out, and so is a group with nothing visible left.
   *
   * @param now what is settled until before then does not count any more
   */
  public static UserTools of(
      ToolCatalogue tools, String user, long version, UserDocument document, Instant now) {
    SettledTools settled = new SettledTools(tools, Expiry.without(document, now));
    return new UserTools(
        user,
        version,
        tools.groups().stream().filter(g -> !g.hidden()).map(settled::group).toList(),
        settled.others());
  }

  private Group group(ToolGroup group) {
    return new Group(
        group.name(), group.description(), group.visible().stream().map(this::settled).toList());
  }

  private List<Settled> others() {
    return new TreeMap<>(document.tools())
        .keySet().stream()
            .filter(name -> !tools.knows(name))
            .map(tools::entry)
            .map(this::settled)
            .toList();
  }

  private Settled settled(ToolEntry tool) {
    UserDocument.Tool own = document.tools().getOrDefault(tool.name(), NOTHING);
    String byDefault = word(tool.defaultLevel());
    String source = own.level() != null ? "override" : byDefault != null ? "default" : "mode";
    return new Settled(
        tool.name(),
        tool.kind().word(),
        tool.description(),
        own.level() != null ? own.level() : byDefault,
        source,
        byDefault,
        new TreeMap<>(own.resources()));
  }

  private static String word(OverrideLevel level) {
    return level == null ? null : level.word();
  }
}

package dev.countersign.policy.tools;

import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.ToolKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the line of a tool must not say, because less would be asked or denied than its reader
 * expects: a tool must not reach what the rules about commands, files and hosts do not see, and no
 * default may allow what depends on the input.
 */
final class ToolCheck {
  private static final Set<ToolKind> FILES =
      Set.of(ToolKind.READ, ToolKind.SEARCH, ToolKind.EDIT, ToolKind.DELETE, ToolKind.MOVE);

  private final ToolEntry tool;
  private final List<String> faults = new ArrayList<>();

  private ToolCheck(ToolEntry tool) {
    this.tool = tool;
  }

  /** Everything that is wrong; empty if nothing is. */
  static List<String> of(ToolEntry tool) {
    ToolCheck check = new ToolCheck(tool);
    check.kinds();
    check.families();
    check.level();
    return check.faults;
  }

  /** What is wrong with the default of a tool that ships. */
  static List<String> ofDefault(ToolEntry tool) {
    ToolCheck check = new ToolCheck(tool);
    check.level();
    return check.faults;
  }

  private void kinds() {
    boolean path = tool.has("path") || tool.has("patch") || tool.has("files");
    if (tool.shell() && tool.kind() != ToolKind.EXECUTE) {
      faults.add("a tool with command or argv is of kind execute");
    }
    if (tool.has("url") && tool.kind() != ToolKind.FETCH) {
      faults.add("a tool with url is of kind fetch");
    }
    if (tool.has("patch") && tool.kind() != ToolKind.EDIT) {
      faults.add("a tool with patch is of kind edit");
    }
    if (tool.has("mode") != (tool.kind() == ToolKind.SWITCH_MODE)) {
      faults.add("a tool of kind switch_mode, and no other, has the field mode");
    }
    boolean globs = tool.has("glob") || tool.has("listed");
    if ((path || tool.has("destination") || globs) && !FILES.contains(tool.kind())) {
      faults.add("a tool with files is of kind read, search, edit, delete or move");
    }
    if (FILES.contains(tool.kind()) && !path) {
      faults.add("a tool of kind " + tool.kind().word() + " says with path which file it is about");
    }
    if (tool.has("destination") && !tool.requires("path")) {
      faults.add("a destination comes with a path");
    }
    if (tool.has("path") && !tool.requires("path") && tool.kind() != ToolKind.SEARCH) {
      faults.add("only a tool of kind search may leave the path out");
    }
  }

  private void families() {
    String needed = null;
    if (tool.shell()) {
      needed = "Bash";
    } else if (tool.has("url")) {
      needed = "WebFetch";
    } else if (FILES.contains(tool.kind())) {
      needed = tool.kind() == ToolKind.READ || tool.kind() == ToolKind.SEARCH ? "Read" : "Edit";
    }
    if (needed != null && !needed.equals(tool.family())) {
      faults.add("the rules about " + needed + " must cover it: write " + needed + " for rules");
    }
    if (needed == null && tool.family() != null && !tool.family().equals("Agent")) {
      faults.add("it names nothing that rules about " + tool.family() + " look at");
    }
    if ("Agent".equals(tool.family()) && !tool.has("name")) {
      faults.add("rules about Agent look at a field name");
    }
  }

  private void level() {
    boolean reaching =
        tool.reaches() || tool.kind() == ToolKind.EXECUTE || tool.kind() == ToolKind.SWITCH_MODE;
    if (tool.defaultLevel() == OverrideLevel.ALWAYS && reaching) {
      faults.add(
          "what it reaches is in its input, so it cannot be allowed by default; write a managed"
              + " rule such as \"allow "
              + tool.name()
              + "(...)\"");
    }
  }
}

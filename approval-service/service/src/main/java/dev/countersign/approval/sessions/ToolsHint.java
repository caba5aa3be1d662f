package dev.countersign.approval.sessions;

import dev.countersign.policy.PermissionMode;
import dev.countersign.protocol.Engine;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What the tools of an engine suggest about its mode. */
final class ToolsHint {
  private static final Set<String> EVERYTHING = Set.of("", "*", ":*");

  private ToolsHint() {}

  /**
   * An unrestricted Bash suggests that nothing is to be asked; any other tools, that edits are not.
   * What infrastructure injected suggests nothing.
   */
  static PermissionMode of(Engine engine) {
    List<String> injected = engine.injectedTools() == null ? List.of() : engine.injectedTools();
    Set<String> uncounted = injected.stream().map(ToolsHint::plain).collect(Collectors.toSet());
    boolean anything =
        engine.tools().stream()
            .map(ToolsHint::plain)
            .anyMatch(tool -> tool.equals("bash") && !uncounted.contains(tool));
    return anything ? PermissionMode.BYPASS_PERMISSIONS : PermissionMode.ACCEPT_EDITS;
  }

  /** One spelling for all that mean the same: {@code Bash}, {@code bash(*)}, {@code Bash(:*)}. */
  private static String plain(String entry) {
    String tool = entry.strip();
    int open = tool.indexOf('(');
    boolean whole = open < 0 || !tool.endsWith(")");
    String name = (whole ? tool : tool.substring(0, open)).toLowerCase(Locale.ROOT);
    String what = whole ? "" : tool.substring(open + 1, tool.length() - 1);
    return EVERYTHING.contains(what) ? name : name + "(" + what + ")";
  }
}

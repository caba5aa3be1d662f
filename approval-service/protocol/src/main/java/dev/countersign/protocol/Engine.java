package dev.countersign.protocol;

import java.util.List;

/**
 * Launch settings of an engine.
 *
 * @param id such as {@code claude-code}
 * @param permissionMode wins over everything but the session's own; may be null
 * @param tools the tools it is started with; may be empty
 * @param args its argument list, before smuggled permission flags are removed
 */
public record Engine(String id, String permissionMode, List<String> tools, List<String> args) {
  public Engine {
    tools = Require.list("engine.tools", tools);
    args = Require.list("engine.args", args);
  }
}

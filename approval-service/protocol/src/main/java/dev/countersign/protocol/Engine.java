package dev.countersign.protocol;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.util.List;

/**
 * Launch settings of an engine. Null means: not given (in a change: leave as it is).
 *
 * @param id such as {@code claude-code}
 * @param permissionMode {@code auto acceptEdits plan bypassPermissions}, exactly; wins over
 *     everything but the session's own
 * @param tools the tools it is started with, {@code Tool} or {@code Tool(what of it)}; read from
 *     such a list or from an object of lists by tool
 * @param injectedTools those of them that infrastructure added; they say nothing about the engine
 * @param args its argument list, before smuggled permission flags are removed
 */
public record Engine(
    @JsonDeserialize(using = NeverNull.class) String id,
    @JsonDeserialize(using = SettingReaders.EngineMode.class) String permissionMode,
    @JsonDeserialize(using = EngineTools.class) List<String> tools,
    @JsonDeserialize(using = EngineTools.class) List<String> injectedTools,
    @JsonDeserialize(using = NeverNull.class) List<String> args) {
  public Engine {
    id = Require.optional("engine.id", id, 128);
    tools = tools == null ? null : Require.list("engine.tools", tools);
    injectedTools =
        injectedTools == null ? null : Require.list("engine.injectedTools", injectedTools);
    args = args == null ? null : Require.list("engine.args", args);
  }

  /** An engine without injected tools. */
  public Engine(String id, String permissionMode, List<String> tools, List<String> args) {
    this(id, permissionMode, tools, null, args);
  }
}

package dev.countersign.store.imports;

import dev.countersign.policy.RuleEffect;
import java.util.ArrayList;
import java.util.List;

/**
 * A tool as Gemini's files name it.
 *
 * @param reach which tools it is about, as a pattern
 * @param rules the names that rules have for it here
 * @param note why they may stand for more tools than the file means; null if they do not
 * @param obstacle why there is no such name; null if there is
 */
record GeminiTools(String reach, List<String> rules, String note, String obstacle) {
  private static final String PREFIX = "mcp_";
  private static final List<String> SHELL = List.of("run_shell_command", "ShellTool");
  private static final List<String> SEARCH = List.of("grep_search", "search_file_content");

  /** Every command, but none of its redirections: Gemini CLI asks about those. */
  private static final String ANY_COMMAND = "Bash(* *)";

  static boolean shell(String name) {
    return SHELL.contains(name);
  }

  /**
   * Finds the names.
   *
   * @param server the MCP server; null if the name says all
   */
  static GeminiTools of(String name, String server, RuleEffect effect) {
    if (server != null) {
      return ofServer(server, name, effect);
    }
    if (shell(name)) {
      String rule = effect == RuleEffect.ALLOW ? ANY_COMMAND : "Bash";
      return new GeminiTools("Bash", List.of(rule), null, null);
    }
    if (name.equals("web_fetch")) {
      return one("WebFetch");
    }
    if (SEARCH.contains(name)) {
      return new GeminiTools("grep_search", SEARCH, null, null);
    }
    if (name.startsWith(PREFIX)) {
      return ofQualified(name, effect);
    }
    int split = name.indexOf("__");
    if (split > 0) {
      return ofServer(name.substring(0, split), name.substring(split + 2), effect);
    }
    return name.indexOf('*') < 0 || name.equals("*")
        ? one(name)
        : new GeminiTools(name, List.of(), null, "it is no pattern that Gemini CLI knows");
  }

  private static GeminiTools one(String name) {
    return new GeminiTools(name, List.of(name), null, null);
  }

  /**
   * Denies and asks also name the tool as Gemini itself does: several tools may share that name.
   */
  private static GeminiTools ofServer(String server, String tool, RuleEffect effect) {
    List<String> rules = new ArrayList<>();
    if (tool.equals("*")) {
      rules.add(server.equals("*") ? "mcp__*" : "mcp__" + server);
    } else {
      rules.add("mcp__" + server + "__" + tool);
    }
    if (effect != RuleEffect.ALLOW) {
      rules.add(server.equals("*") && tool.equals("*") ? "mcp_*" : PREFIX + server + "_" + tool);
    }
    return new GeminiTools("mcp__" + server + "__" + tool, rules, null, null);
  }

  /** {@code mcp_server_tool}: either name may hold an underscore. */
  private static GeminiTools ofQualified(String name, RuleEffect effect) {
    String rest = name.substring(PREFIX.length());
    if (rest.equals("*")) {
      return ofServer("*", "*", effect);
    }
    if (rest.endsWith("_*")) {
      return ofServer(rest.substring(0, rest.length() - 2), "*", effect);
    }
    int first = rest.indexOf('_');
    if (first < 1 || first == rest.length() - 1) {
      return one(name);
    }
    if (effect == RuleEffect.ALLOW || rest.indexOf('_', first + 1) < 0) {
      return ofServer(rest.substring(0, first), rest.substring(first + 1), effect);
    }
    List<String> rules = new ArrayList<>();
    for (int at = first; at > 0 && at < rest.length() - 1; at = rest.indexOf('_', at + 1)) {
      rules.add("mcp__" + rest.substring(0, at) + "__" + rest.substring(at + 1));
    }
    rules.add(name);
    String reach =
        "mcp__" + rest.substring(0, first) + "_*" + rest.substring(rest.lastIndexOf('_'));
    return new GeminiTools(reach, rules, "whichever part names the server", null);
  }
}

package dev.countersign.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a rule is about, in the words of each engine that is compared.
 *
 * <p>All names are plain: letters, digits, blanks and {@code . / : _ -}, so that no engine's
 * escapes come into play.
 */
sealed interface Subject {
  /** The workspace of every call. */
  String WORKSPACE = "/proj";

  /** As a rule of Countersign. */
  String text();

  /** The action a Cedar policy is about. */
  String cedarAction();

  /** The condition of a Cedar policy; empty if the action says it all. */
  String cedarCondition();

  /** The fields of a policy rule of Gemini CLI; {@code commandPrefix} as in its policy files. */
  Map<String, Object> gemini();

  /** A command with any arguments or none: {@code Bash(npm run *)}. */
  record Command(String prefix) implements Subject {
    @Override
    public String text() {
      return "Bash(" + prefix + " *)";
    }

    @Override
    public String cedarAction() {
      return "Bash";
    }

    @Override
    public String cedarCondition() {
      return "context.command == \"%s\" || context.command like \"%s *\"".formatted(prefix, prefix);
    }

    @Override
    public Map<String, Object> gemini() {
      return geminiRule("run_shell_command", "commandPrefix", prefix);
    }
  }

  /** Any command that ends so: {@code Bash(* --no-verify)}. */
  record CommandEnding(String ending) implements Subject {
    @Override
    public String text() {
      return "Bash(* " + ending + ")";
    }

    @Override
    public String cedarAction() {
      return "Bash";
    }

    @Override
    public String cedarCondition() {
      return "context.command like \"* %s\"".formatted(ending);
    }

    @Override
    public Map<String, Object> gemini() {
      return geminiRule(
          "run_shell_command", "argsPattern", "\"command\":\"[^\"]* " + ending + "\"");
    }
  }

  /** Everything in a folder of the project: {@code Edit(/services/billing/**)}. */
  record Folder(FileTool tool, String path) implements Subject {
    @Override
    public String text() {
      return tool.countersign + "(" + path + "/**)";
    }

    @Override
    public String cedarAction() {
      return tool.countersign;
    }

    @Override
    public String cedarCondition() {
      return "context.path like \"%s%s/*\"".formatted(WORKSPACE, path);
    }

    @Override
    public Map<String, Object> gemini() {
      return geminiRule(tool.gemini, "argsPattern", "\"file_path\":\"" + WORKSPACE + path + "/");
    }
  }

  /** Files of one name, or one ending, anywhere: {@code Read(**}{@code /*.pem)}. */
  record FileName(FileTool tool, String name) implements Subject {
    @Override
    public String text() {
      return tool.countersign + "(**/" + name + ")";
    }

    @Override
    public String cedarAction() {
      return tool.countersign;
    }

    @Override
    public String cedarCondition() {
      return "context.path like \"*/%s\"".formatted(name);
    }

    @Override
    public Map<String, Object> gemini() {
      String pattern = name.replace(".", "\\.").replace("*", "[^/\"]*");
      return geminiRule(tool.gemini, "argsPattern", "\"file_path\":\"[^\"]*/" + pattern + "\"");
    }
  }

  /** A host: {@code WebFetch(domain:docs.example.com)}. */
  record Host(String name) implements Subject {
    @Override
    public String text() {
      return "WebFetch(domain:" + name + ")";
    }

    @Override
    public String cedarAction() {
      return "WebFetch";
    }

    @Override
    public String cedarCondition() {
      return "context.host == \"%s\"".formatted(name);
    }

    @Override
    public Map<String, Object> gemini() {
      String pattern = "\"url\":\"https?://" + name.replace(".", "\\.") + "[/:\"]";
      return geminiRule("web_fetch", "argsPattern", pattern);
    }
  }

  /** A tool of an MCP server: {@code mcp__tracker__get_issue}. */
  record McpTool(String server, String tool) implements Subject {
    @Override
    public String text() {
      return "mcp__" + server + "__" + tool;
    }

    @Override
    public String cedarAction() {
      return text();
    }

    @Override
    public String cedarCondition() {
      return "";
    }

    @Override
    public Map<String, Object> gemini() {
      return new LinkedHashMap<>(Map.of("toolName", "mcp_" + server + "_" + tool));
    }
  }

  /** The tools that file rules are about. */
  enum FileTool {
    READ("Read", "read_file"),
    EDIT("Edit", "replace");

    private final String countersign;
    private final String gemini;

    FileTool(String countersign, String gemini) {
      this.countersign = countersign;
      this.gemini = gemini;
    }

    static final List<FileTool> ALL = List.of(values());
  }

  private static Map<String, Object> geminiRule(String tool, String field, String value) {
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("toolName", tool);
    rule.put(field, value);
    return rule;
  }
}

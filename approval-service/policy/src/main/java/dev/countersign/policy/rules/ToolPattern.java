package dev.countersign.policy.rules;

/** The tool a rule names: one tool, a tool family, an MCP server, or a glob. */
final class ToolPattern {
  private final String text;
  private final TextGlob glob;
  private final boolean server;

  private ToolPattern(String text) {
    this.text = text;
    this.glob = TextGlob.of(text);
    this.server =
        text.startsWith("mcp__") && glob.exact() && text.indexOf("__", "mcp__".length()) < 0;
  }

  static ToolPattern of(String text) {
    return new ToolPattern(text);
  }

  String text() {
    return text;
  }

  boolean glob() {
    return !glob.exact();
  }

  /** The name an index may file it under: of its tool or its MCP server; null if it has none. */
  String indexName() {
    if (!glob()) {
      return text;
    }
    String head = glob.head();
    int end = head.startsWith("mcp__") ? head.indexOf("__", "mcp__".length() + 1) : -1;
    return end < 0 ? null : head.substring(0, end);
  }

  /** Whether an allow of it would hold for tools of more than one MCP server. */
  boolean overBroad() {
    if (!glob()) {
      return false;
    }
    String head = glob.head();
    return !head.startsWith("mcp__") || head.indexOf("__", "mcp__".length() + 1) < 0;
  }

  boolean matches(String tool, String family) {
    return glob.matches(tool)
        || server && tool.startsWith(text + "__")
        || family != null && !glob() && text.equals(family);
  }
}

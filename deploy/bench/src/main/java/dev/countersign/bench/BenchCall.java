package dev.countersign.bench;

import dev.countersign.policy.ToolCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The calls that are decided, in the words of each engine. All those measured are allowed. */
enum BenchCall {
  /** A plain tool call. */
  TOOL("plain tool call, MCP", "allow"),
  /** A plain tool call that names a file. */
  FILE("plain tool call, Read", "allow"),
  /** A simple shell command. */
  COMMAND("simple command", "allow"),
  /** A compound command of five segments. */
  COMPOUND("five-segment command", "allow"),
  /** Not measured; it proves that the asks are there. */
  ASKED("an asked command", "ask"),
  /** Not measured; it proves that the denies are there. */
  DENIED("a denied file", "deny");

  /** The calls that are timed. */
  static final List<BenchCall> MEASURED = List.of(TOOL, FILE, COMMAND, COMPOUND);

  private static final List<String> SEGMENTS =
      List.of(
          "npm ci",
          "npm run lint",
          "npm run build -- --mode production",
          "npm test -- --coverage",
          "git status --short");

  private final String title;
  private final String effect;

  BenchCall(String title, String effect) {
    this.title = title;
    this.effect = effect;
  }

  String title() {
    return title;
  }

  /** What every engine must decide. */
  String effect() {
    return effect;
  }

  /** The one input field: its name and value. */
  private Map.Entry<String, String> input() {
    return switch (this) {
      case TOOL -> Map.entry("id", "ISSUE-4711");
      case FILE -> Map.entry("file_path", "/proj/services/billing/src/main/java/Invoice.java");
      case COMMAND -> Map.entry("command", SEGMENTS.get(2));
      case COMPOUND -> Map.entry("command", String.join(" && ", SEGMENTS));
      case ASKED -> Map.entry("command", "git push upstream");
      case DENIED -> Map.entry("file_path", "/proj/services/billing/.env");
    };
  }

  private String tool() {
    return switch (this) {
      case TOOL -> "mcp__tracker__get-issue";
      case FILE, DENIED -> "Read";
      case COMMAND, COMPOUND, ASKED -> "Bash";
    };
  }

  ToolCall countersign() {
    Map.Entry<String, String> input = input();
    return new ToolCall(
        tool(),
        Map.of(input.getKey(), input.getValue()),
        Subject.WORKSPACE,
        "/home/u",
        Map.of(),
        null,
        null);
  }

  /** One question to Cedar: an action and the attributes its policies look at. */
  record CedarQuestion(String action, Map<String, String> context) {}

  /**
   * The questions Cedar is asked. It cannot read a shell command: it is given the segments of a
   * compound one ready-made, at no cost, and asked about each.
   */
  List<CedarQuestion> cedar() {
    return switch (this) {
      case TOOL -> List.of(new CedarQuestion(tool(), Map.of()));
      case FILE, DENIED -> List.of(new CedarQuestion(tool(), Map.of("path", input().getValue())));
      case COMMAND, ASKED ->
          List.of(new CedarQuestion(tool(), Map.of("command", input().getValue())));
      case COMPOUND ->
          SEGMENTS.stream().map(s -> new CedarQuestion(tool(), Map.of("command", s))).toList();
    };
  }

  /** A tool call as Gemini CLI's policy engine takes it. */
  Map<String, Object> gemini() {
    Map<String, Object> call = new LinkedHashMap<>();
    call.put(
        "name",
        switch (this) {
          case TOOL -> "mcp_tracker_get-issue";
          case FILE, DENIED -> "read_file";
          case COMMAND, COMPOUND, ASKED -> "run_shell_command";
        });
    call.put("args", Map.ofEntries(input()));
    return call;
  }
}

package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Every mode, profile and approval policy with every kind of call. The table in {@code
 * docs/authority-matrix.md} is what people read; the code and a plain reading of the coverage table
 * must both come to it.
 */
class MatrixTest {
  private static final Path TABLE = Path.of("../../docs/authority-matrix.md");

  private static final List<String> PROFILES =
      List.of("read_only", "workspace", "external_sandbox", "full_access", "custom(docs)");

  /** What is called, by the name of its column. */
  private static final Map<String, Map<String, Object>> CALLS = new LinkedHashMap<>();

  static {
    CALLS.put("read in", call("Read", "file_path", "/proj/a"));
    CALLS.put("read out", call("Read", "file_path", "/etc/a"));
    CALLS.put("search in", call("Grep", "path", "/proj/src"));
    CALLS.put("search out", call("Grep", "path", "/srv"));
    CALLS.put("edit in", call("Edit", "file_path", "/proj/docs/a"));
    CALLS.put("edit out", call("Edit", "file_path", "/srv/a"));
    CALLS.put("edit protected", call("Edit", "file_path", "/proj/docs/.git/config"));
    CALLS.put("move in", move("/proj/docs/a", "/proj/docs/b"));
    CALLS.put("delete in", call("delete_file", "path", "/proj/docs/a"));
    CALLS.put("delete out", call("delete_file", "path", "/srv/a"));
    CALLS.put("run reading", call("Bash", "command", "ls -l"));
    CALLS.put("run editing", call("Bash", "command", "touch docs/a"));
    CALLS.put("run other", call("Bash", "command", "make"));
    CALLS.put("fetch", call("WebFetch", "url", "https://a.example/"));
    CALLS.put("think", call("TodoWrite", "todos", "x"));
    CALLS.put("switch tighter", call("switch_mode", "mode", "plan"));
    CALLS.put("switch wider", call("switch_mode", "mode", "bypassPermissions"));
    CALLS.put("other", call("mcp__a__b", "x", "y"));
  }

  private static Map<String, Object> call(String tool, String field, String value) {
    return Map.of("tool", tool, "input", Map.of(field, value), "cwd", "/proj", "home", "/home/u");
  }

  private static Map<String, Object> move(String from, String to) {
    Map<String, Object> input = Map.of("source", from, "destination", to);
    return Map.of("tool", "move_file", "input", input, "cwd", "/proj", "home", "/home/u");
  }

  @Test
  void theCodeComesToTheTable() throws IOException {
    assertEquals(table(), matrix(MatrixTest::decided));
  }

  @Test
  void aPlainReadingOfTheCoverageTableComesToTheTable() throws IOException {
    assertEquals(table(), matrix(MatrixTest::read));
  }

  private static String table() throws IOException {
    return Files.readString(TABLE)
        .lines()
        .filter(line -> line.startsWith("|"))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private interface Cell {
    String of(PermissionMode mode, String profile, ApprovalPolicy policy, String kind);
  }

  private static String matrix(Cell cell) {
    List<String> lines = new ArrayList<>();
    lines.add("| mode | profile | approval policy | " + String.join(" | ", CALLS.keySet()) + " |");
    lines.add("|---".repeat(CALLS.size() + 3) + "|");
    for (PermissionMode mode : PermissionMode.values()) {
      for (String profile : PROFILES) {
        for (ApprovalPolicy policy : ApprovalPolicy.values()) {
          StringBuilder line = new StringBuilder("| ");
          line.append(mode.word() + " | " + profile + " | " + policy.word());
          for (String kind : CALLS.keySet()) {
            line.append(" | ").append(cell.of(mode, profile, policy, kind));
          }
          lines.add(line + " |");
        }
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static String decided(
      PermissionMode mode, String profile, ApprovalPolicy policy, String kind) {
    Map<String, Object> docs =
        Map.of("base", "workspace", "writableRoots", List.of("/proj/docs"), "network", List.of());
    Map<String, Object> result =
        Evaluation.evaluate(
            Map.of(
                "mode", mode.word(),
                "profile", profile,
                "approvalPolicy", policy.word(),
                "profiles", Map.of("docs", docs),
                "toolCall", CALLS.get(kind)));
    return result.get("effect") + " " + result.get("decidedBy");
  }

  private static String read(
      PermissionMode mode, String profile, ApprovalPolicy policy, String kind) {
    if (kind.equals("switch wider") && mode != PermissionMode.BYPASS_PERMISSIONS) {
      return policy == ApprovalPolicy.BLOCK_REQUIRES_APPROVAL ? "deny policy" : "ask mode";
    }
    boolean editing = kind.startsWith("edit") || Set.of("move in", "run editing").contains(kind);
    boolean plan = mode == PermissionMode.PLAN;
    if (plan && (editing || kind.startsWith("delete"))) {
      return "deny mode";
    }
    boolean edits = mode.compareTo(PermissionMode.ACCEPT_EDITS) >= 0;
    if (covered(plan ? "read_only" : profile, kind, edits)) {
      return "allow mode";
    }
    boolean inside = Set.of("edit in", "move in", "run editing").contains(kind);
    if (mode == PermissionMode.BYPASS_PERMISSIONS) {
      return "deny policy";
    }
    return switch (policy) {
      case ASK_ON_BOUNDARY -> "ask policy";
      case APPROVE_TRUSTED -> inside ? "allow mode" : "ask policy";
      case NEVER_ASK, BLOCK_REQUIRES_APPROVAL -> "deny policy";
    };
  }

  private static boolean covered(String profile, String kind, boolean edits) {
    boolean sandbox = profile.equals("external_sandbox");
    boolean full = profile.equals("full_access");
    boolean workspace = profile.equals("workspace") || profile.equals("custom(docs)");
    return switch (kind) {
      case "read in", "search in", "run reading", "think", "switch tighter", "switch wider" -> true;
      case "read out", "search out", "edit out", "delete in", "delete out", "run other" ->
          sandbox || full;
      case "edit in", "move in", "run editing" -> sandbox || full || workspace && edits;
      case "edit protected", "fetch", "other" -> full;
      default -> throw new IllegalArgumentException(kind);
    };
  }
}

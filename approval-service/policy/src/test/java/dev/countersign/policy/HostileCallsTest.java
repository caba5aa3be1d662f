package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing an agent can send makes the decision throw, hang or forget itself. */
@Timeout(900)
class HostileCallsTest {
  private static final List<String> PIECES =
      List.of(
          "rm ",
          "-rf ",
          "/",
          "..",
          "~",
          "$X",
          "$(",
          ")",
          "`",
          "'",
          "\"",
          "{",
          "}",
          "*",
          "?",
          "[",
          "]",
          ";",
          "&&",
          "|",
          "&",
          ">",
          "<",
          "<<",
          "\n",
          "\\",
          "\u0000",
          "\u200b",
          "\ud800",
          "ls ",
          "cat ",
          "git ",
          "://",
          "@",
          ":",
          "a.b",
          "é",
          "🎉",
          "if ",
          "then ",
          "fi",
          "#",
          "=",
          "cd ",
          "find . -exec ",
          "{} ",
          "bash -c ",
          "((",
          "%",
          "\t");
  private static final List<String> TOOLS =
      List.of(
          "Bash",
          "Read",
          "Edit",
          "Grep",
          "Glob",
          "WebFetch",
          "web_fetch",
          "apply_patch",
          "shell",
          "Task",
          "switch_mode",
          "mcp__a__b",
          "",
          "x y",
          "move_file",
          "delete_file");
  private static final List<String> FIELDS =
      List.of(
          "command",
          "file_path",
          "path",
          "pattern",
          "glob",
          "url",
          "prompt",
          "input",
          "mode",
          "source",
          "destination",
          "subagent_type");
  private static final List<Rule> RULES =
      List.of(
          rule(RuleEffect.DENY, "Bash(rm *)"),
          rule(RuleEffect.DENY, "Read(.env)"),
          rule(RuleEffect.DENY, "Edit(/a/**)"),
          rule(RuleEffect.ASK, "Read(~/**)"),
          rule(RuleEffect.ALLOW, "Bash(*)"),
          rule(RuleEffect.ALLOW, "Edit"),
          rule(RuleEffect.ALLOW, "WebFetch(domain:*.a.b)"));

  private final Random random = new Random(99);

  private static Rule rule(RuleEffect effect, String text) {
    return new Rule(RuleScope.PROJECT, effect, text);
  }

  private static CompiledPolicy policy(PermissionMode mode) throws InvalidRulesException {
    return CompiledPolicy.compile(
        new PolicySource(
            new Permissions(mode, null, null, null, false, List.of(), "/proj/PLAN.md"),
            RULES,
            List.of(
                new UserOverride("Bash", "git *", OverrideLevel.ALWAYS),
                new UserOverride("Read", "/proj/**", OverrideLevel.ASK)),
            List.of(),
            true));
  }

  @Test
  void everyCallIsDecided() throws InvalidRulesException {
    for (PermissionMode mode : PermissionMode.values()) {
      CompiledPolicy policy = policy(mode);
      for (int i = 0; i < 3_000; i++) {
        Decision decision = Authority.decide(policy, call(), null, List.of());
        assertNotNull(decision.verdict().reason());
        boolean asks = decision.verdict() instanceof Verdict.Ask;
        assertFalse(asks && mode == PermissionMode.BYPASS_PERMISSIONS);
        assertFalse(asks && mode == PermissionMode.DONT_ASK);
      }
    }
  }

  private ToolCall call() {
    Map<String, Object> input = new HashMap<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      Object value =
          switch (random.nextInt(12)) {
            case 0 -> 7;
            case 1 -> Arrays.asList("a", null, 3);
            case 2 -> Map.of("a", "b");
            case 3 -> null;
            case 4 -> true;
            default -> text(random.nextInt(12));
          };
      input.put(pick(FIELDS), value);
    }
    Map<String, String> links = random.nextInt(3) == 0 ? Map.of(text(2), text(2)) : Map.of();
    String cwd = random.nextInt(9) == 0 ? null : "/proj";
    String home = random.nextInt(9) == 0 ? null : "/home/u";
    return new ToolCall(pick(TOOLS), input, cwd, home, links, null, null);
  }

  private String text(int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(pick(PIECES));
    }
    return text.toString();
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static final List<String> REPEATED =
      List.of(
          "a.",
          "*",
          "../",
          "a b ",
          "rm x;",
          "$(",
          "\\",
          "{a,",
          "://",
          "a:",
          "/[",
          "ls|",
          "make x\n",
          "**/",
          "@",
          "cat a;",
          "x=1 ",
          "~/",
          "<(");

  static List<String> repeated() {
    return REPEATED;
  }

  @ParameterizedTest
  @MethodSource("repeated")
  void longInputIsDecided(String piece) throws InvalidRulesException {
    decideAll(piece.repeat(20_000 / piece.length()));
  }

  @ParameterizedTest
  @MethodSource("repeated")
  @Tag("full")
  void aMegabyteIsDecided(String piece) throws InvalidRulesException {
    decideAll(piece.repeat(1_000_000 / piece.length()));
  }

  @ParameterizedTest
  @ValueSource(strings = {",", "!b,", "a,", "a,!b,", "{,"})
  void aLongListOfFiltersIsDecided(String filters) throws InvalidRulesException {
    Map<String, Object> input =
        Map.of("pattern", "x", "glob", filters.repeat(200_000 / filters.length()));
    for (PermissionMode mode : List.of(PermissionMode.DEFAULT, PermissionMode.BYPASS_PERMISSIONS)) {
      ToolCall call = new ToolCall("Grep", input, "/proj", "/home/u", Map.of(), null, null);
      assertNotNull(Authority.decide(policy(mode), call, null, List.of()).verdict());
    }
  }

  private static void decideAll(String text) throws InvalidRulesException {
    CompiledPolicy policy = policy(PermissionMode.DEFAULT);
    for (String tool : List.of("Bash", "Read", "Glob", "web_fetch", "apply_patch", "shell")) {
      Map<String, Object> input = new HashMap<>();
      FIELDS.forEach(field -> input.put(field, text));
      ToolCall call = new ToolCall(tool, input, "/proj", "/home/u", Map.of(), null, null);
      assertNotNull(Authority.decide(policy, call, null, List.of()).verdict(), tool);
    }
  }
}

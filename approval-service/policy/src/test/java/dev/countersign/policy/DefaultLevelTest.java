package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.policy.tools.InvalidToolsException;
import dev.countersign.policy.tools.ToolCatalogue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The catalogue's default speaks after everything that people set, and before the boundary. */
class DefaultLevelTest {
  private ToolCatalogue tools;

  @BeforeEach
  void extendTheCatalogue() throws InvalidToolsException {
    tools =
        ToolCatalogue.shipped()
            .extended(
                List.of(
                    "WebFetch = = never",
                    "Read     = = ask",
                    "[ours] Our tools",
                    "t_always other - always | x",
                    "t_ask    other - ask    | x",
                    "t_never  other - never  | x"));
  }

  private Verdict decide(
      String tool,
      Map<String, Object> input,
      Permissions permissions,
      List<Rule> rules,
      UserOverride... overrides) {
    try {
      CompiledPolicy policy =
          CompiledPolicy.compile(
              new PolicySource(permissions, rules, List.of(overrides), List.of(), true), tools);
      ToolCall call = new ToolCall(tool, input, "/proj", "/home/u", Map.of(), null, null);
      return Authority.decide(policy, call, null, List.of()).verdict();
    } catch (InvalidRulesException e) {
      throw new AssertionError(e.problems().toString(), e);
    }
  }

  private static Permissions mode(PermissionMode mode) {
    return new Permissions(mode, null, null, null, false, List.of("/proj"), null);
  }

  private void assertDecided(
      String expected, String tool, PermissionMode mode, UserOverride... overrides) {
    Verdict verdict = decide(tool, Map.of("q", "x"), mode(mode), List.of(), overrides);
    assertEquals(expected, verdict.getClass().getSimpleName() + " by " + verdict.by().word());
  }

  @Test
  void eachLevelIsStampedDefault() {
    for (PermissionMode mode : PermissionMode.values()) {
      if (mode != PermissionMode.BYPASS_PERMISSIONS) {
        boolean plan = mode == PermissionMode.PLAN;
        assertDecided(plan ? "Ask by policy" : "Allow by default", "t_always", mode);
        assertDecided("Deny by default", "t_never", mode);
      }
    }
    assertDecided("Ask by default", "t_ask", PermissionMode.DEFAULT);
    assertDecided("Ask by default", "t_ask", PermissionMode.AUTO);
  }

  @Test
  void anAskThatNobodyCanAnswerIsDeniedAtOnce() {
    assertDecided("Deny by policy", "t_ask", PermissionMode.DONT_ASK);
    Permissions headless =
        new Permissions(PermissionMode.AUTO, null, null, null, true, List.of("/proj"), null);
    Verdict verdict = decide("t_ask", Map.of(), headless, List.of());
    assertEquals(DecidedBy.POLICY, verdict.by());
    Permissions neverAsk =
        new Permissions(
            PermissionMode.DEFAULT, null, ApprovalPolicy.NEVER_ASK, null, false, List.of(), null);
    assertEquals(DecidedBy.POLICY, decide("t_ask", Map.of(), neverAsk, List.of()).by());
  }

  @Test
  void whatIsCoveredNeedsNoDefault() {
    for (String tool : List.of("t_always", "t_ask", "t_never")) {
      assertDecided("Allow by mode", tool, PermissionMode.BYPASS_PERMISSIONS);
    }
    Permissions permissions = mode(PermissionMode.DEFAULT);
    Verdict inside = decide("Read", Map.of("file_path", "/proj/a"), permissions, List.of());
    assertEquals(DecidedBy.MODE, inside.by());
    Verdict outside = decide("Read", Map.of("file_path", "/etc/a"), permissions, List.of());
    assertEquals(DecidedBy.DEFAULT, outside.by());
  }

  @Test
  void whatPeopleSetComesFirst() {
    for (OverrideLevel level : OverrideLevel.values()) {
      String expected =
          switch (level) {
            case ALWAYS -> "Allow by override";
            case ASK -> "Ask by override";
            case NEVER -> "Deny by override";
          };
      for (String tool : List.of("t_always", "t_ask", "t_never")) {
        assertDecided(expected, tool, PermissionMode.DEFAULT, new UserOverride(tool, null, level));
      }
    }
    for (RuleEffect effect : RuleEffect.values()) {
      List<Rule> rules = List.of(new Rule(RuleScope.PROJECT, effect, "t_always"));
      Verdict verdict = decide("t_always", Map.of(), mode(PermissionMode.DEFAULT), rules);
      assertEquals(DecidedBy.RULE, verdict.by(), effect.word());
    }
    Rule allow = new Rule(RuleScope.MANAGED, RuleEffect.ALLOW, "WebFetch(domain:example.com)");
    Map<String, Object> url = Map.of("url", "https://example.com/");
    Permissions permissions = mode(PermissionMode.DEFAULT);
    assertEquals(DecidedBy.RULE, decide("WebFetch", url, permissions, List.of(allow)).by());
    assertEquals(DecidedBy.DEFAULT, decide("WebFetch", url, permissions, List.of()).by());
  }
}

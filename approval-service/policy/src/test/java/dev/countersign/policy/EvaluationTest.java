package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationTest {
  private static final Map<String, Object> CALL =
      Map.of("tool", "Bash", "input", Map.of("command", "make"), "cwd", "/proj", "home", "/home/u");

  private static Map<String, Object> with(String field, Object value) {
    Map<String, Object> one = new HashMap<>(Map.of("id", "c", "toolCall", CALL));
    one.put(field, value);
    return one;
  }

  @Test
  void saysHowItCameAbout() {
    Map<String, Object> result =
        Evaluation.evaluate(with("rules", Map.of("allow", List.of("Bash(make *)"))));
    assertEquals("c", result.get("id"));
    assertEquals("allow", result.get("effect"));
    assertEquals("rule", result.get("decidedBy"));
    assertEquals("Bash(make *)", result.get("rule"));
    assertEquals("Allowed by rule Bash(make *) [project].", result.get("reason"));
    assertEquals("foreground", result.get("execution"));
    assertEquals(5, ((List<?>) result.get("trace")).size());
    assertFalse(result.containsKey("offers"));
  }

  @Test
  void offersOnlyWhereAPersonIsAsked() {
    assertTrue(Evaluation.evaluate(with("mode", "default")).containsKey("offers"));
    assertFalse(Evaluation.evaluate(with("mode", "dontAsk")).containsKey("offers"));
  }

  @ParameterizedTest
  @CsvSource({
    "mode, Default",
    "mode, 3",
    "profile, sandbox",
    "approvalPolicy, ask",
    "executionPolicy, x",
    "headless, maybe",
    "rules, x",
    "overrides, x",
    "grants, x",
    "ancestors, x",
    "toolCall, x",
    "shippedRules, 1",
    "claimedMode, YOLO",
    "workspaceRoots, /proj"
  })
  void namesTheFieldAtFault(String field, String value) {
    Map<String, Object> result = Evaluation.evaluate(with(field, value));
    assertEquals("c", result.get("id"));
    assertFalse(result.containsKey("effect"));
    assertEquals(field, ((Map<?, ?>) result.get("error")).get("field"));
  }

  @Test
  void listsEveryBadRule() {
    Map<String, Object> rules = Map.of("deny", List.of("Bash(rm", "", "Read(!x)", "Bash(ls *)"));
    Map<?, ?> error = (Map<?, ?>) Evaluation.evaluate(with("rules", rules)).get("error");
    assertEquals("rules", error.get("field"));
    assertEquals(3, ((List<?>) error.get("problems")).size());
  }

  @Test
  void leavesAnOverBroadAllowOutAndSaysSo() {
    Map<String, Object> rules = Map.of("allow", List.of("*"));
    Map<String, Object> result = Evaluation.evaluate(with("rules", rules));
    assertEquals("ask", result.get("effect"));
    assertTrue(result.get("warnings").toString().contains("over-broad"));
  }

  @Test
  void leavesAnOverBroadOverrideOutAndSaysSo() {
    Map<String, Object> sudo = Map.of("tool", "Bash", "resource", "sudo *", "level", "always");
    Map<String, Object> make = Map.of("tool", "Bash", "resource", "make", "level", "always");
    Map<String, Object> result = Evaluation.evaluate(with("overrides", List.of(sudo, make)));
    assertEquals("allow", result.get("effect"));
    assertTrue(result.get("warnings").toString().contains("Bash(sudo *) was left out"));
  }

  @Test
  void aKeyThatMeansNothingIsRefusedWhereverItStands() {
    Map<String, Map<String, Object>> cases =
        Map.of(
            "permission_mode", with("permission_mode", "plan"),
            "rules.overlay.forbid", with("rules", Map.of("overlay", Map.of("forbid", List.of()))),
            "toolCall.workdir",
                with("toolCall", Map.of("tool", "Read", "input", Map.of(), "workdir", "/proj")),
            "ancestors[0].rule", with("ancestors", List.of(Map.of("rule", Map.of()))),
            "overrides[0].path",
                with(
                    "overrides",
                    List.of(Map.of("tool", "Read", "level", "never", "path", "/proj/**"))),
            "grants[0].path", with("grants", List.of(Map.of("tool", "Read", "path", "/proj"))),
            "profiles.docs.roots",
                with("profiles", Map.of("docs", Map.of("base", "workspace", "roots", List.of()))));
    cases.forEach(
        (field, one) -> {
          Map<?, ?> error = (Map<?, ?>) Evaluation.evaluate(one).get("error");
          assertEquals(field, error == null ? "none" : error.get("field"));
        });
  }

  @ParameterizedTest
  @CsvSource({
    "permission_mode, it is written mode",
    "initial_permission_mode, it is written mode",
    "permissionMode, it is written mode",
    "approval_policy, it is written approvalPolicy",
    "Rules, it is written rules",
    "colour, known are agentAsks",
  })
  void aKeyThatIsUnknownIsRefusedWithTheRightOne(String key, String says) {
    Map<?, ?> error = (Map<?, ?>) Evaluation.evaluate(with(key, "plan")).get("error");
    assertEquals(key, error.get("field"));
    assertTrue(error.get("detail").toString().startsWith("unknown; " + says), error::toString);
  }

  @Test
  void aKeyThatIsUnknownOfASessionAboveIsRefusedWithTheRightOne() {
    Map<String, Object> above = with("ancestors", List.of(Map.of("permission_mode", "plan")));
    Map<?, ?> error = (Map<?, ?>) Evaluation.evaluate(above).get("error");
    assertEquals("ancestors[0].permission_mode", error.get("field"));
    assertEquals("unknown; it is written mode", error.get("detail"));
  }

  @Test
  void neverThrowsForStrangeValues() {
    for (String field : List.of("mode", "rules", "overrides", "toolCall", "ancestors", "grants")) {
      for (Object value :
          List.of(1, "x", true, List.of(1), List.of(Map.of()), Map.of("a", 1), Map.of())) {
        Map<String, Object> result = Evaluation.evaluate(with(field, value));
        assertTrue(result.containsKey("effect") || result.containsKey("error"), field + value);
      }
    }
    assertTrue(Evaluation.evaluate(Map.of()).containsKey("error"));
  }
}

package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.policy.shell.CountedReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However many parts and rules meet, deciding a call takes a bounded number of steps. */
class EffortTest {
  private static final int PARTS = 9_999;

  private static Map<String, Object> given(String mode, List<String> denies, String script) {
    return Map.of(
        "mode", mode,
        "rules", Map.of("deny", denies),
        "toolCall",
            Map.of(
                "tool", "Bash",
                "cwd", "/proj",
                "home", "/home/u",
                "input", Map.of("command", script)));
  }

  private static List<String> rules(int count, IntFunction<String> rule) {
    return IntStream.range(0, count).mapToObj(rule).toList();
  }

  private static String script(int count, IntFunction<String> command) {
    return IntStream.range(0, count).mapToObj(command).collect(Collectors.joining(";"));
  }

  @ParameterizedTest
  @EnumSource(
      value = PermissionMode.class,
      names = {"DEFAULT", "PLAN", "BYPASS_PERMISSIONS"})
  void thousandsOfRulesThatBeginWithAStarAndAsManyParts(PermissionMode mode) {
    List<String> denies = rules(6_000, i -> "Bash(* t" + i + " *)");
    Map<String, Object> clear =
        Evaluation.evaluate(given(mode.word(), denies, script(PARTS, i -> "a" + i + " b")));
    assertFalse("system".equals(clear.get("decidedBy")), clear::toString);
    Map<String, Object> denied =
        Evaluation.evaluate(
            given(mode.word(), denies, script(PARTS - 1, i -> "a" + i + " b") + ";x t4321 y"));
    assertEquals("Denied by rule Bash(* t4321 *) [project].", denied.get("reason"));
  }

  @Test
  void twiceTheCommandsTakeTwiceTheSteps() {
    CountedReader counted = new CountedReader();
    List<String> denies = rules(1_000, i -> "Bash(* t" + i + " *)");
    twice(
        counted.steps(given("default", denies, script(500, i -> "a" + i + " b"))),
        counted.steps(given("default", denies, script(1_000, i -> "a" + i + " b"))));
  }

  @Test
  void equalCommandsAreJudgedOnce() {
    CountedReader counted = new CountedReader();
    List<String> denies = rules(2_000, i -> "Bash(*" + (char) ('b' + i % 20) + "*)");
    twice(
        counted.steps(given("default", denies, script(500, i -> "a"))),
        counted.steps(given("default", denies, script(1_000, i -> "a"))));
    long some = counted.steps(given("default", denies, script(2, i -> "a")));
    long many = counted.steps(given("default", denies, script(1_000, i -> "a")));
    assertTrue(many < 2 * some, () -> some + " steps for two, " + many + " for a thousand");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cat", "rg x", "grep -r x", "foo", "cp -r", "tar cf x.tar", "rm"})
  void twiceTheFilesTakeTwiceTheSteps(String command) {
    CountedReader counted = new CountedReader();
    List<String> denies = new ArrayList<>(rules(20, i -> "Read(secrets" + i + "/**)"));
    denies.addAll(rules(20, i -> "Edit(*.k" + i + ")"));
    for (String mode : List.of("default", "bypassPermissions")) {
      for (String file : List.of(" a", " f%d", " d%d/*.x")) {
        String thousand = files(command, file, 1_000);
        twice(
            counted.steps(given(mode, denies, files(command, file, 500))),
            counted.steps(given(mode, denies, thousand)));
      }
    }
  }

  private static String files(String command, String file, int count) {
    StringBuilder script = new StringBuilder(command);
    for (int i = 0; i < count; i++) {
      script.append(file.replace("%d", String.valueOf(i)));
    }
    return script.toString();
  }

  private static void twice(long once, long twice) {
    assertTrue(twice <= 2.5 * once + 10_000, () -> once + " steps, then " + twice);
  }

  @ParameterizedTest
  @EnumSource(PermissionMode.class)
  void whereEveryRuleMustBeTriedOnEveryPartTheCallIsDenied(PermissionMode mode) {
    List<String> denies = rules(6_000, i -> "Bash(*" + (char) ('b' + i % 20) + "!*)");
    Map<String, Object> result =
        Evaluation.evaluate(given(mode.word(), denies, script(PARTS, i -> "a" + i + " b")));
    assertEquals("deny", result.get("effect"), result::toString);
    assertEquals("system", result.get("decidedBy"), result::toString);
    assertEquals(Reasons.tooComplex(), result.get("reason"));
  }

  @Test
  void filesThatGlobsStandForCountAsWell() {
    List<String> denies = rules(6_000, i -> "Read(s" + i + "/**)");
    Map<String, Object> result =
        Evaluation.evaluate(
            given("bypassPermissions", denies, script(PARTS, i -> "cat a" + i + "/*")));
    assertEquals("deny", result.get("effect"), result::toString);
    assertTrue(result.get("trace").toString().contains("effort | the call"), result::toString);
  }

  @ParameterizedTest
  @EnumSource(PermissionMode.class)
  void aRuleThatDeniesIsNamedThoughTheRestIsTooMuch(PermissionMode mode) {
    List<String> denies =
        new ArrayList<>(rules(6_000, i -> "Bash(*" + (char) ('b' + i % 20) + "!*)"));
    denies.add("Bash(rm:*)");
    String rest = script(PARTS - 1, i -> "a" + i + " b");
    Map<String, Object> result = Evaluation.evaluate(given(mode.word(), denies, "rm x; " + rest));
    assertEquals("Denied by rule Bash(rm:*) [project].", result.get("reason"), result::toString);
    assertEquals("rule", result.get("decidedBy"), result::toString);
    denies.remove("Bash(rm:*)");
    result = Evaluation.evaluate(given(mode.word(), denies, "rm x; " + rest));
    assertEquals("system", result.get("decidedBy"), result::toString);
    assertTrue(result.get("trace").toString().contains("effort | the call"), result::toString);
    assertTrue(result.get("trace").toString().contains("1 deny rules | rm x"), result::toString);
  }

  /** In plan mode the mode alone denies it. */
  @ParameterizedTest
  @EnumSource(value = PermissionMode.class, names = "PLAN", mode = EnumSource.Mode.EXCLUDE)
  void whatTheUserNeverAllowsIsNamedThoughTheRestIsTooMuch(PermissionMode mode) {
    List<String> denies = rules(6_000, i -> "Bash(*" + (char) ('b' + i % 20) + "!*)");
    String rest = script(PARTS - 1, i -> "a" + i + " b");
    Map<String, Object> given = new HashMap<>(given(mode.word(), denies, "rm x; " + rest));
    given.put("overrides", List.of(Map.of("tool", "Bash", "resource", "rm x", "level", "never")));
    Map<String, Object> result = Evaluation.evaluate(given);
    assertEquals("deny", result.get("effect"), result::toString);
    assertEquals("override", result.get("decidedBy"), result::toString);
  }

  @Test
  void grantsAreReadOnceAndCounted() {
    readOnceAndCounted("grants", grants(10), grants(40));
  }

  private static void readOnceAndCounted(String what, List<?> ten, List<?> forty) {
    Map<String, Object> given =
        new HashMap<>(given("default", List.of(), script(400, i -> "a" + i)));
    CountedReader counted = new CountedReader();
    given.put(what, ten);
    long few = counted.steps(given);
    given.put(what, forty);
    long many = counted.steps(given);
    assertTrue(many <= 5 * few, () -> few + " steps for ten, " + many + " for forty");
    assertTrue(many < 40_000_000, () -> many + " steps");
  }

  private static List<Map<String, Object>> grants(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                Map.<String, Object>of(
                    "id", "g" + i, "tool", "Bash", "resource", "x" + i + " 'y z'"))
        .toList();
  }

  @Test
  void anOfferReadsNoOverrideAgain() {
    String script = script(8, i -> "a" + i + " b");
    Map<String, Object> asks = new HashMap<>(given("default", List.of(), script));
    Map<String, Object> asksNobody = new HashMap<>(given("dontAsk", List.of(), script));
    List<Map<String, Object>> overrides = longOverrides(200);
    asks.put("overrides", overrides);
    asksNobody.put("overrides", overrides);
    CountedReader counted = new CountedReader();
    long without = counted.steps(asksNobody);
    long with = counted.steps(asks);
    assertTrue(with <= 10 * without, () -> without + " steps without offers, " + with + " with");
  }

  @Test
  void overridesAreReadOnceAndCounted() {
    readOnceAndCounted("overrides", overrides(10), overrides(40));
    Map<String, Object> given =
        new HashMap<>(given("default", List.of(), script(PARTS, i -> "a" + i)));
    given.put("overrides", overrides(600));
    assertEquals("system", Evaluation.evaluate(given).get("decidedBy"));
  }

  /** Long to read and quick to compare. */
  private static List<Map<String, Object>> longOverrides(int count) {
    return overrides(count, " 'y z'".repeat(400));
  }

  private static List<Map<String, Object>> overrides(int count) {
    return overrides(count, " 'y z'");
  }

  private static List<Map<String, Object>> overrides(int count, String arguments) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                Map.<String, Object>of(
                    "tool", "Bash", "resource", "x" + i + arguments, "level", "always"))
        .toList();
  }
}

package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.policy.tools.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every command that is known to change something, in plan mode, with everything that allows. */
class PlanModeTest {
  /** What allows a call anywhere else. */
  private static final List<Allowing> ALLOWING =
      List.of(
          Allowing.rule(RuleScope.USER, "Bash(*)"),
          Allowing.rule(RuleScope.MANAGED, "Bash diagnostic"),
          new Allowing(
              List.of(), List.of(new UserOverride("Bash", null, OverrideLevel.ALWAYS)), List.of()),
          Allowing.grant(new Grant("g", "12:00", "d", null, null, true)),
          Allowing.grant(new Grant("g", "12:00", "d", null, null, false)),
          Allowing.grant(new Grant("g", "12:00", null, "Bash", null)));

  private record Allowing(List<Rule> rules, List<UserOverride> overrides, List<Grant> grants) {
    static Allowing rule(RuleScope scope, String text) {
      return new Allowing(List.of(new Rule(scope, RuleEffect.ALLOW, text)), List.of(), List.of());
    }

    static Allowing grant(Grant grant) {
      return new Allowing(List.of(), List.of(), List.of(grant));
    }

    CompiledPolicy policy() throws InvalidRulesException {
      Permissions plan =
          new Permissions(
              PermissionMode.PLAN, "full_access", null, null, false, List.of("/proj"), null);
      return CompiledPolicy.compile(new PolicySource(plan, rules, overrides, List.of(), true));
    }

    Verdict decide(CompiledPolicy policy, String command) {
      Map<String, Object> input = Map.of("command", command);
      ToolCall call = new ToolCall("Bash", input, "/proj", "/home/u", Map.of(), "d", null);
      return Authority.judge(policy, call, null, grants).verdict();
    }
  }

  @Test
  void whatIsKnownToChangeAnythingIsDeniedWhateverAllowsIt() throws InvalidRulesException {
    List<String> wrong = new ArrayList<>();
    int tried = 0;
    for (Allowing allowing : ALLOWING) {
      CompiledPolicy policy = allowing.policy();
      for (String line : Resources.lines("shell/changes.txt")) {
        for (String command : examples(line)) {
          tried++;
          Verdict verdict = allowing.decide(policy, command);
          if (!(verdict instanceof Verdict.Deny)) {
            wrong.add(command + " with " + allowing + ": " + verdict.reason());
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(tried > 3_000, "tried " + tried);
  }

  @Test
  void whatIsNotKnownAsksUnlessAnAllowIsMarkedDiagnosticOrAGrantWasGivenInPlanMode()
      throws InvalidRulesException {
    List<String> unknown =
        List.of("npm test", "make", "mvn -o verify", "cargo test", "go vet ./...", "./run x");
    for (String command : unknown) {
      List<String> effects = new ArrayList<>();
      for (Allowing allowing : ALLOWING) {
        Verdict verdict = allowing.decide(allowing.policy(), command);
        effects.add(verdict.getClass().getSimpleName());
      }
      assertEquals(List.of("Ask", "Allow", "Ask", "Allow", "Ask", "Ask"), effects, command);
    }
  }

  /** Commands of a line of the table: each name with what must follow it. */
  private static List<String> examples(String line) {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    String section = "names";
    for (String token : line.split(" +")) {
      if (List.of("first", "if", "unless", "alone", "operands").contains(token)) {
        section = token;
      } else {
        sections.computeIfAbsent(section, s -> new ArrayList<>()).add(token);
      }
    }
    int operands = Integer.parseInt(sections.getOrDefault("operands", List.of("2")).get(0));
    boolean alone = sections.getOrDefault("unless", List.of()).contains("~[^-].*");
    String end = alone ? "" : " zz".repeat(operands);
    List<String> examples = new ArrayList<>();
    for (String name : String.join(" ", sections.get("names")).split(",")) {
      List<String> marks = new ArrayList<>(sections.getOrDefault("if", List.of()));
      sections.getOrDefault("first", List.of()).forEach(marks::add);
      marks.removeIf(mark -> mark.startsWith("~"));
      if (marks.isEmpty() && !sections.containsKey("if") && !sections.containsKey("first")) {
        examples.add(name + end);
      }
      marks.forEach(mark -> examples.add(name + " " + mark.replace("*", "zz") + end));
    }
    return examples;
  }
}

package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.policy.OfferedTools.Offered;
import dev.countersign.policy.OfferedTools.Runs;
import dev.countersign.policy.tools.InvalidToolsException;
import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.policy.tools.ToolEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is offered and what the order of decision says never contradict each other. */
class OfferedToolsTest {
  private static final ToolCatalogue TOOLS = tools();

  private static ToolCatalogue tools() {
    try {
      return ToolCatalogue.shipped()
          .extended(
              List.of(
                  "WebFetch = = never",
                  "[ours] Our tools",
                  "mcp__s__always other - always | x",
                  "mcp__s__ask    other - ask    | x",
                  "mcp__s__never  other - never  name?=q | x"));
    } catch (InvalidToolsException e) {
      throw new AssertionError(e);
    }
  }

  private static CompiledPolicy compiled(PolicySource source) {
    try {
      return CompiledPolicy.compile(source, TOOLS);
    } catch (InvalidRulesException e) {
      throw new AssertionError(e.problems().toString(), e);
    }
  }

  private static CompiledPolicy policy(Permissions permissions, String... rules) {
    List<Rule> read = new ArrayList<>();
    for (String rule : rules) {
      String[] words = rule.split(" ", 2);
      read.add(new Rule(RuleScope.PROJECT, RuleEffect.of(words[0]).orElseThrow(), words[1]));
    }
    return compiled(new PolicySource(permissions, read, List.of(), List.of(), true));
  }

  private static Permissions mode(PermissionMode mode, boolean headless) {
    return new Permissions(mode, null, null, null, headless, List.of("/proj"), null);
  }

  private static Map<String, Runs> offered(CompiledPolicy policy) {
    Map<String, Runs> offered = new TreeMap<>();
    for (Offered one : OfferedTools.of(policy, List.of())) {
      offered.put(one.tool().name(), one.runs());
    }
    return offered;
  }

  @Test
  void aModeSaysWhatRuns() {
    Map<String, Runs> usual = offered(policy(mode(PermissionMode.DEFAULT, false)));
    assertEquals(Runs.DEPENDS, usual.get("Bash"));
    assertEquals(Runs.DEPENDS, usual.get("Read"));
    assertEquals(Runs.ASKS, usual.get("Edit"));
    assertEquals(Runs.ASKS, usual.get("WebSearch"));
    assertEquals(Runs.ASKS, usual.get("delete_file"));
    assertEquals(Runs.AT_ONCE, usual.get("TodoWrite"));
    assertEquals(Runs.AT_ONCE, usual.get("send_reply"));
    assertEquals(Runs.ASKS, usual.get("mcp__s__ask"));
    assertFalse(usual.containsKey("mcp__s__never"));
    assertEquals(
        Runs.DEPENDS, offered(policy(mode(PermissionMode.ACCEPT_EDITS, false))).get("Edit"));
    assertEquals(
        Runs.AT_ONCE,
        offered(policy(mode(PermissionMode.BYPASS_PERMISSIONS, false))).get("mcp__s__never"));
  }

  @Test
  void whatThePlanGateStopsIsLeftOut() {
    Map<String, Runs> plan = offered(policy(mode(PermissionMode.PLAN, false)));
    for (String tool : List.of("Edit", "Write", "apply_patch", "delete_file", "move_file")) {
      assertFalse(plan.containsKey(tool), tool);
    }
    assertEquals(Runs.DEPENDS, plan.get("Bash"));
    assertEquals(Runs.ASKS, plan.get("ExitPlanMode"));
    Permissions withPlan =
        new Permissions(
            PermissionMode.PLAN, null, null, null, false, List.of("/proj"), "/proj/plan.md");
    assertEquals(Runs.DEPENDS, offered(policy(withPlan)).get("Write"));
  }

  @Test
  void whatWouldAskIsLeftOutWhereNobodyCanBeAsked() {
    for (PermissionMode mode : List.of(PermissionMode.DEFAULT, PermissionMode.DONT_ASK)) {
      Map<String, Runs> headless = offered(policy(mode(mode, mode == PermissionMode.DEFAULT)));
      for (String tool : List.of("Edit", "WebFetch", "WebSearch", "Skill", "mcp__s__ask")) {
        assertFalse(headless.containsKey(tool), tool);
      }
      assertEquals(Runs.DEPENDS, headless.get("Bash"));
      assertEquals(Runs.DEPENDS, headless.get("Grep"));
      assertEquals(Runs.AT_ONCE, headless.get("mcp__s__always"));
    }
    Permissions headless = mode(PermissionMode.DEFAULT, true);
    CompiledPolicy allowed =
        policy(headless, "allow WebFetch(domain:a.com)", "allow Skill", "ask TodoWrite");
    assertEquals(Runs.DEPENDS, offered(allowed).get("WebFetch"));
    assertEquals(Runs.AT_ONCE, offered(allowed).get("Skill"));
    assertFalse(offered(allowed).containsKey("TodoWrite"));
  }

  @Test
  void whatIsDeniedAsAWholeIsLeftOut() {
    CompiledPolicy rules =
        policy(mode(PermissionMode.DEFAULT, false), "deny Bash", "deny Edit", "deny Read(.env)");
    for (String tool : List.of("Bash", "run_shell_command", "shell", "Write", "patch")) {
      assertFalse(offered(rules).containsKey(tool), tool);
    }
    assertEquals(Runs.DEPENDS, offered(rules).get("Read"));
    List<UserOverride> never =
        List.of(
            new UserOverride("Bash", null, OverrideLevel.NEVER),
            new UserOverride("Read", null, OverrideLevel.NEVER),
            new UserOverride("Read", "/proj/a.txt", OverrideLevel.ALWAYS));
    Map<String, Runs> settled =
        offered(
            compiled(
                new PolicySource(
                    mode(PermissionMode.DEFAULT, false), List.of(), never, List.of(), true)));
    assertFalse(settled.containsKey("Bash"));
    assertEquals(Runs.DEPENDS, settled.get("Read"));
  }

  /** Nothing but modes, profiles and policies: then what is said is exactly what is found. */
  @Test
  void withoutRulesItIsExact() {
    List<String> inexact = new ArrayList<>();
    Collection<ToolEntry> oneOfEach =
        TOOLS.all().stream()
            .collect(
                Collectors.toMap(
                    t -> t.kind() + " " + t.fields().keySet() + t.defaultLevel() + t.hidden(),
                    t -> t,
                    (one, other) -> one))
            .values();
    for (PermissionMode mode : PermissionMode.values()) {
      for (Profile.Base base : Profile.Base.values()) {
        for (ApprovalPolicy approval : ApprovalPolicy.values()) {
          boolean asking = approval == ApprovalPolicy.ASK_ON_BOUNDARY;
          for (boolean headless : asking ? List.of(true, false) : List.of(false)) {
            Permissions permissions =
                new Permissions(
                    mode, base.word(), approval, null, headless, List.of("/proj"), null);
            CompiledPolicy policy = policy(permissions);
            Map<String, Runs> offered = offered(policy);
            for (ToolEntry tool : oneOfEach) {
              Set<String> found = found(policy, tool, List.of());
              Runs runs = offered.get(tool.name());
              boolean exact =
                  runs == null
                      ? found.equals(Set.of("deny"))
                      : switch (runs) {
                        case AT_ONCE -> found.equals(Set.of("allow"));
                        case ASKS -> found.contains("ask") && !found.contains("allow");
                        case DEPENDS -> found.contains("allow") && found.size() > 1;
                      };
              if (!exact) {
                inexact.add(tool.name() + " " + permissions + ": " + runs + " but " + found);
              }
            }
          }
        }
      }
    }
    assertEquals(List.of(), inexact);
  }

  @Test
  void neverContradictsTheCore() {
    compare(new Random(20260101), 100);
  }

  @Test
  @Tag("full")
  void neverContradictsTheCoreInManyMoreCases() {
    compare(new Random(20260102), 600);
  }

  private static void compare(Random random, int rounds) {
    Map<String, Integer> claims = new TreeMap<>();
    for (int round = 0; round < rounds; round++) {
      RandomPolicies one = new RandomPolicies(random, TOOLS);
      CompiledPolicy policy = one.policy();
      List<Grant> grants = one.grants();
      Map<String, Runs> offered =
          OfferedTools.of(policy, grants).stream()
              .collect(Collectors.toMap(o -> o.tool().name(), Offered::runs));
      for (ToolEntry tool : TOOLS.all()) {
        Runs runs = offered.get(tool.name());
        claims.merge(runs == null ? "left out" : runs.word(), 1, Integer::sum);
        Set<String> found = found(policy, tool, grants);
        if (runs == null) {
          assertEquals(Set.of("deny"), found, () -> tool.name() + " left out under " + one);
        } else if (runs == Runs.AT_ONCE) {
          assertEquals(Set.of("allow"), found, () -> tool.name() + " at once under " + one);
        } else if (runs == Runs.ASKS) {
          assertFalse(found.contains("allow"), () -> tool.name() + " asks under " + one);
        }
      }
    }
    assertEquals(4, claims.size(), claims::toString);
    assertTrue(claims.values().stream().allMatch(n -> n > rounds * 3), claims::toString);
  }

  private static Set<String> found(CompiledPolicy policy, ToolEntry tool, List<Grant> grants) {
    EnumSet<RuleEffect> found = EnumSet.noneOf(RuleEffect.class);
    for (ToolCall call : Probes.of(tool)) {
      Verdict verdict = Authority.judge(policy, call, null, grants).verdict();
      found.add(
          verdict instanceof Verdict.Allow
              ? RuleEffect.ALLOW
              : verdict instanceof Verdict.Ask ? RuleEffect.ASK : RuleEffect.DENY);
    }
    return found.stream().map(RuleEffect::word).collect(Collectors.toSet());
  }
}

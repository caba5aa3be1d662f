package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.policy.parts.CallParts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call of very many parts is refused as ever, and never allowed where a deny is in scope. */
class CrowdTest {
  private static final String MANY = "ls\n".repeat(CallParts.MOST_ALLOWED + 1);

  private final List<Rule> rules = new ArrayList<>();
  private final List<UserOverride> overrides = new ArrayList<>();

  private Decision decide(PermissionMode mode, String script) throws InvalidRulesException {
    PolicySource source =
        new PolicySource(
            new Permissions(mode, null, null, null, false, List.of("/proj"), null),
            rules,
            overrides,
            List.of(),
            true);
    ToolCall call =
        new ToolCall("Bash", Map.of("command", script), "/proj", "/home/u", Map.of(), null, null);
    return Authority.decide(CompiledPolicy.compile(source), call, null, List.of());
  }

  private void rule(RuleEffect effect, String text) {
    rules.add(new Rule(RuleScope.USER, effect, text));
  }

  @Test
  void anAllowTurnsIntoAnAsk() throws InvalidRulesException {
    rule(RuleEffect.ALLOW, "Bash");
    overrides.add(new UserOverride("Bash", null, OverrideLevel.ALWAYS));
    for (PermissionMode mode :
        List.of(PermissionMode.DEFAULT, PermissionMode.ACCEPT_EDITS, PermissionMode.AUTO)) {
      Decision decision = decide(mode, MANY);
      assertTrue(decision.verdict() instanceof Verdict.Ask, mode::word);
      assertEquals(DecidedBy.POLICY, decision.verdict().by());
      assertEquals(
          "Needs approval: it has 10001 parts, more than 10000.", decision.verdict().reason());
      assertTrue(decision.offers().isEmpty());
    }
  }

  @Test
  void whereNobodyIsAskedItIsDenied() throws InvalidRulesException {
    rule(RuleEffect.ALLOW, "Bash");
    Decision decision = decide(PermissionMode.DONT_ASK, MANY);
    assertTrue(decision.verdict() instanceof Verdict.Deny);
    assertEquals(DecidedBy.POLICY, decision.verdict().by());
  }

  @ParameterizedTest
  @EnumSource(PermissionMode.class)
  void aDenyHoldsForTheVeryLastPart(PermissionMode mode) throws InvalidRulesException {
    rule(RuleEffect.ALLOW, "Bash");
    rule(RuleEffect.DENY, "Bash(rm *)");
    Verdict verdict = decide(mode, MANY + "rm x").verdict();
    assertEquals("Denied by rule Bash(rm *) [user].", verdict.reason());
  }

  @ParameterizedTest
  @EnumSource(PermissionMode.class)
  void aDenyHoldsForTheVeryLastPartOfWhatCannotBeRead(PermissionMode mode)
      throws InvalidRulesException {
    rule(RuleEffect.DENY, "Bash(rm *)");
    String unread = "ls ".repeat(100) + ")\n" + "ls\n".repeat(250_000) + "rm x";
    assertEquals("Denied by rule Bash(rm *) [user].", decide(mode, unread).verdict().reason());
  }

  @ParameterizedTest
  @EnumSource(PermissionMode.class)
  void anOverrideThatSaysNeverHoldsForTheVeryLastPart(PermissionMode mode)
      throws InvalidRulesException {
    overrides.add(new UserOverride("Bash", "make", OverrideLevel.NEVER));
    Verdict verdict = decide(mode, MANY + "make x").verdict();
    assertTrue(verdict instanceof Verdict.Deny);
    assertEquals(DecidedBy.OVERRIDE, verdict.by());
  }

  @Test
  void planModeChangesNothing() throws InvalidRulesException {
    Verdict verdict = decide(PermissionMode.PLAN, MANY + "touch x").verdict();
    assertTrue(verdict instanceof Verdict.Deny);
    assertEquals(DecidedBy.MODE, verdict.by());
  }

  @Test
  void inBypassItRunsUnprovenIfNobodySetADeny() throws InvalidRulesException {
    Decision decision = decide(PermissionMode.BYPASS_PERMISSIONS, MANY);
    assertTrue(decision.verdict() instanceof Verdict.Allow);
    assertTrue(decision.unproven());
  }

  @Test
  void inBypassADenyInScopeDeniesIt() throws InvalidRulesException {
    rule(RuleEffect.DENY, "Bash(rm *)");
    Verdict verdict = decide(PermissionMode.BYPASS_PERMISSIONS, MANY).verdict();
    assertTrue(verdict instanceof Verdict.Deny);
    assertEquals(DecidedBy.RULE, verdict.by());
    assertTrue(verdict.reason().contains("Write the command plainly"), verdict.reason());
    assertFalse(verdict.reason().contains("person"), verdict.reason());
  }

  @Test
  void inBypassANonBypassableAskStillAsks() throws InvalidRulesException {
    assertTrue(decide(PermissionMode.BYPASS_PERMISSIONS, MANY).verdict() instanceof Verdict.Allow);
    rules.add(new Rule(RuleScope.MANAGED, RuleEffect.ASK, "Bash(make *) nonBypassable"));
    assertTrue(
        decide(PermissionMode.BYPASS_PERMISSIONS, MANY + "make x").verdict()
            instanceof Verdict.Ask);
  }

  @Test
  void justAsManyAsFitAreLookedAtOneByOne() throws InvalidRulesException {
    rule(RuleEffect.DENY, "Bash(rm *)");
    String most = "ls\n".repeat(CallParts.MOST_ALLOWED);
    assertTrue(decide(PermissionMode.BYPASS_PERMISSIONS, most).verdict() instanceof Verdict.Allow);
  }
}

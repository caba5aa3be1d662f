package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.policy.InvalidRulesException.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompiledPolicyTest {
  private static final Permissions DEFAULTS =
      new Permissions(PermissionMode.DEFAULT, null, null, null, false, List.of(), null);

  private static PolicySource with(Rule... rules) {
    return new PolicySource(DEFAULTS, List.of(rules), List.of(), List.of(), true);
  }

  private static Problem refused(RuleEffect effect, String text) {
    InvalidRulesException refused =
        assertThrows(
            InvalidRulesException.class,
            () -> CompiledPolicy.compile(with(new Rule(RuleScope.USER, effect, text))));
    assertEquals(1, refused.problems().size());
    assertEquals(text, refused.problems().get(0).text());
    return refused.problems().get(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Bash(rm *       | 15",
        "Bash rm)        | 7",
        "Bash()          | 5",
        "(rm *)          | 0",
        "1Bash           | 0",
        "Bash(rm *) loud | 10",
        "Read(!secret)   | 5",
        "Read(~bob/x)    | 5",
        "Read(a[bc)      | 6",
        "Delete(<moon>)  | 7",
        "WebFetch(x.com) | 9",
        "WebFetch(domain:http://x.com) | 16"
      })
  void refusesMalformedRulesWithThePosition(String rule, int position) {
    Problem problem = refused(RuleEffect.DENY, rule.strip());
    assertEquals(Math.min(position, rule.strip().length()), problem.position(), problem.reason());
    assertFalse(problem.overBroad());
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "mcp__*", "mcp__*__read", "B*", "mcp__a*"})
  void refusesOverBroadAllows(String rule) throws InvalidRulesException {
    assertTrue(refused(RuleEffect.ALLOW, rule).overBroad());
    CompiledPolicy.compile(with(new Rule(RuleScope.USER, RuleEffect.DENY, rule)));
  }

  @Test
  void listsAllProblemsAtOnce() {
    PolicySource source =
        new PolicySource(
            new Permissions(PermissionMode.DEFAULT, "none", null, null, false, List.of(), null),
            List.of(
                new Rule(RuleScope.MANAGED, RuleEffect.DENY, "Bash("),
                new Rule(RuleScope.USER, RuleEffect.ALLOW, "*")),
            List.of(new UserOverride("Bash", " ", OverrideLevel.ALWAYS)),
            List.of(),
            true);
    InvalidRulesException refused =
        assertThrows(InvalidRulesException.class, () -> CompiledPolicy.compile(source));
    assertEquals(4, refused.problems().size());
  }

  @Test
  void namesWhatWasDroppedOrCanNeverMatch() throws InvalidRulesException {
    CompiledPolicy policy =
        CompiledPolicy.compile(
            with(
                new Rule(RuleScope.OVERLAY, RuleEffect.ALLOW, "Bash(make *)"),
                new Rule(RuleScope.USER, RuleEffect.ALLOW, "Write(docs/**)"),
                new Rule(RuleScope.USER, RuleEffect.DENY, "Bash(rm *)")));
    assertEquals(2, policy.warnings().size());
    assertTrue(policy.warnings().get(0).contains("Bash(make *) [overlay]"));
    assertTrue(policy.warnings().get(1).contains("Edit(docs/**)"));
  }

  @Test
  void effectivePermissionsAreTheMinimumOverAllAncestors() throws InvalidRulesException {
    Permissions child =
        new Permissions(
            PermissionMode.BYPASS_PERMISSIONS, null, null, null, false, List.of("/a"), null);
    Permissions parent =
        new Permissions(
            PermissionMode.ACCEPT_EDITS,
            "read_only",
            null,
            ExecutionPolicy.FOREGROUND_ONLY,
            true,
            List.of(),
            null);
    Permissions effective =
        CompiledPolicy.compile(
                new PolicySource(
                    child, List.of(), List.of(), List.of(new Ancestor(parent, List.of())), true))
            .effective();
    assertEquals(PermissionMode.ACCEPT_EDITS, effective.mode());
    assertEquals("read_only", effective.profile());
    assertEquals(ApprovalPolicy.ASK_ON_BOUNDARY, effective.approvalPolicy());
    assertEquals(ExecutionPolicy.FOREGROUND_ONLY, effective.executionPolicy());
    assertTrue(effective.headless());
    assertEquals(List.of("/a"), effective.workspaceRoots());
  }

  @ParameterizedTest
  @CsvSource({
    "plan, read_only, ask_on_boundary, foreground_only",
    "dontAsk, workspace, block_requires_approval, background_preferred",
    "default, workspace, ask_on_boundary, background_preferred",
    "acceptEdits, workspace, ask_on_boundary, background_preferred",
    "auto, workspace, approve_trusted, background_preferred",
    "bypassPermissions, full_access, never_ask, fleet_preferred"
  })
  void everyModeHasItsOwnProfileAndPolicies(
      String mode, String profile, String approval, String execution) throws InvalidRulesException {
    Permissions session =
        new Permissions(
            PermissionMode.of(mode).orElseThrow(), null, null, null, false, List.of(), null);
    Permissions effective =
        CompiledPolicy.compile(new PolicySource(session, List.of(), List.of(), List.of(), true))
            .effective();
    assertEquals(profile, effective.profile());
    assertEquals(approval, effective.approvalPolicy().word());
    assertEquals(execution, effective.executionPolicy().word());
  }

  private static List<InvalidRulesException.Problem> problemsOf(UserOverride override) {
    PolicySource source =
        new PolicySource(
            new Permissions(PermissionMode.DEFAULT, null, null, null, false, List.of(), null),
            List.of(),
            List.of(override),
            List.of(),
            true);
    try {
      CompiledPolicy.compile(source);
      return List.of();
    } catch (InvalidRulesException e) {
      return e.problems();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "* *",
        "* --version",
        "sudo *",
        "sudo:*",
        "sudo -u root *",
        "sudo -n *",
        "/usr/bin/sudo *",
        "sh -c *",
        "bash *",
        "bash",
        "bash -lc *",
        "env *",
        "env A=1 *",
        "timeout 5 *",
        "nice -n 5 *",
        "sudo env bash -c *",
        "python *",
        "python3.12 -c *",
        "python",
        "python*",
        "node -e *",
        "xargs *",
        "xargs -n 1 *",
        "A=1 *",
        "r*"
      })
  void refusesAnAlwaysThatStandsForAnything(String resource) {
    List<InvalidRulesException.Problem> problems =
        problemsOf(new UserOverride("Bash", resource, OverrideLevel.ALWAYS));
    assertEquals(1, problems.size(), resource);
    assertTrue(problems.get(0).overBroad(), problems::toString);
    assertEquals(
        List.of(), problemsOf(new UserOverride("Bash", resource, OverrideLevel.NEVER)), resource);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "git push",
        "git *",
        "npm run *",
        "npm run test:*",
        "make *",
        "sudo systemctl restart *",
        "sudo -u app bin/deploy *",
        "python manage.py *",
        "python -m pytest *",
        "bash scripts/build.sh",
        "bash scripts/*",
        "timeout 5 make *",
        "env A=1 make test",
        "docker compose *"
      })
  void takesAnAlwaysThatNamesWhatRuns(String resource) {
    assertEquals(List.of(), problemsOf(new UserOverride("Bash", resource, OverrideLevel.ALWAYS)));
  }
}

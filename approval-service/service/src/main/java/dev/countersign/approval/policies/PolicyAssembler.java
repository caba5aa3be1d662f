package dev.countersign.approval.policies;

import dev.countersign.document.DocumentPolicy;
import dev.countersign.document.Expiry;
import dev.countersign.policy.Ancestor;
import dev.countersign.policy.ApprovalPolicy;
import dev.countersign.policy.ExecutionPolicy;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Permissions;
import dev.countersign.policy.PolicySource;
import dev.countersign.policy.Profile;
import dev.countersign.policy.Rule;
import dev.countersign.policy.RuleScope;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.UserDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts together what was set for a session, in the words of the decision core. */
public final class PolicyAssembler {
  private PolicyAssembler() {}

  /**
   * The source of the policy of a session that uses no custom profile.
   *
   * @param ancestors settings of the sessions above, in any order
   * @param now overrides that ended before do not count
   */
  public static PolicySource assemble(
      SessionSettings session,
      List<SessionSettings> ancestors,
      UserDocument document,
      ManagedRulesFile managed,
      Instant now) {
    return assemble(session, ancestors, Map.of(), document, managed, now);
  }

  /**
   * The source of a session's policy.
   *
   * @param ancestors settings of the sessions above, in any order
   * @param profiles what each {@code custom(name)} means; one that is missing may only read
   * @param now overrides that ended before do not count
   */
  public static PolicySource assemble(
      SessionSettings session,
      List<SessionSettings> ancestors,
      Map<String, Profile> profiles,
      UserDocument document,
      ManagedRulesFile managed,
      Instant now) {
    List<Rule> rules = new ArrayList<>();
    rules.addAll(managed.rules());
    add(rules, RuleScope.USER, document.rules());
    rules.addAll(rules(session));
    List<Ancestor> above =
        ancestors.stream().map(a -> new Ancestor(permissions(a), rules(a))).toList();
    return new PolicySource(
        permissions(session),
        rules,
        DocumentPolicy.overrides(document, now),
        above,
        managed.shippedRules(),
        profiles);
  }

  /** When the first of a document's overrides ends, if any does after {@code now}. */
  public static Optional<Instant> nextEnd(UserDocument document, Instant now) {
    return Expiry.next(document, now);
  }

  /** The permissions that settings stand for. */
  public static Permissions permissions(SessionSettings s) {
    return new Permissions(
        PermissionMode.of(s.permissionMode()).orElse(PermissionMode.PLAN),
        s.profile(),
        ApprovalPolicy.of(s.approvalPolicy()).orElse(null),
        ExecutionPolicy.of(s.executionPolicy()).orElse(null),
        Boolean.TRUE.equals(s.headless()),
        s.workspaceRoots() == null ? List.of() : s.workspaceRoots(),
        s.planFile());
  }

  private static List<Rule> rules(SessionSettings settings) {
    List<Rule> rules = new ArrayList<>();
    add(rules, RuleScope.OVERLAY, settings.overlay());
    add(rules, RuleScope.PROJECT, settings.project());
    add(rules, RuleScope.SESSION, settings.session());
    return rules;
  }

  /** Adds the rules of one scope. */
  static void add(List<Rule> to, RuleScope scope, RuleSet rules) {
    to.addAll(DocumentPolicy.rules(scope, rules));
  }
}

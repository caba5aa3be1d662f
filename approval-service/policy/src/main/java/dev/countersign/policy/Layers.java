package dev.countersign.policy;

import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.rules.CompiledRule;
import dev.countersign.policy.rules.Effort;
import dev.countersign.policy.shell.Part.Reach;
import dev.countersign.policy.tools.OwnTools;
import dev.countersign.policy.tools.ToolEntry;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What each layer of the order of decision says of one part. */
final class Layers {
  /** Asks of these scopes are the user's own: an override or a grant settles them. */
  private static final Predicate<CompiledRule> OWN = Layers::own;

  private Layers() {}

  static boolean own(CompiledRule rule) {
    return rule.rule().scope() == RuleScope.USER || rule.rule().scope() == RuleScope.SESSION;
  }

  /** An ask that holds in every mode. */
  static boolean firm(CompiledRule rule) {
    return rule.nonBypassable() && rule.rule().scope() == RuleScope.MANAGED;
  }

  /**
   * The allow rules that a deny or ask beats, for the trace; none where finding them is too much.
   */
  static String losers(CallPart part, Case one) {
    try {
      return one.policy().rules().allow(part, one.call()).stream()
          .map(rule -> " It beats " + rule.shown() + ".")
          .collect(Collectors.joining());
    } catch (Effort.TooMuch e) {
      return "";
    }
  }

  /** What the user settled. */
  static Finding overrides(CallPart part, Case one) {
    Optional<UserOverride> found = one.policy().overrides().of(part, one.call());
    boolean forbidden = found.isPresent() && found.get().level() == OverrideLevel.NEVER;
    if (one.call().tool().equals(OwnTools.EDIT_PERMISSIONS) && !forbidden) {
      return documentEdit(one);
    }
    if (found.isEmpty()) {
      return Finding.pass("no override");
    }
    UserOverride override = found.get();
    String shown = Overrides.shown(override);
    String reason = Reasons.override(override.level(), shown);
    return switch (override.level()) {
      case NEVER -> Finding.deny(DecidedBy.OVERRIDE, shown, reason);
      case ASK -> Finding.pass("ask, as a rule of the user: " + shown);
      case ALWAYS -> always(part, one, shown, reason);
    };
  }

  /** Nothing that was settled beforehand lets an agent loosen what its user settled. */
  private static Finding documentEdit(Case one) {
    return one.bypass()
        ? Finding.deny(DecidedBy.MODE, null, Reasons.documentEditUnasked(one.permissions().mode()))
        : Finding.ask(DecidedBy.POLICY, null, Reasons.documentEdit());
  }

  /** Of what the user settled only what refuses. */
  static Finding never(CallPart part, Case one) {
    return one.policy()
        .overrides()
        .of(part, one.call())
        .filter(override -> override.level() == OverrideLevel.NEVER)
        .map(override -> overrides(part, one))
        .orElseGet(() -> Finding.pass("no override that says never"));
  }

  private static Finding always(CallPart part, Case one, String shown, String reason) {
    if (PlanGate.bars(part, one)) {
      return Finding.pass(Reasons.notInPlan(shown));
    }
    if (!one.bypass()) {
      if (one.possibleDeny(part).isPresent()) {
        return Finding.pass(shown + " does not reach what cannot be read");
      }
      Optional<CompiledRule> ask = notOwnAsk(part, one);
      if (ask.isPresent()) {
        return Finding.pass(shown + " does not lift " + ask.get().shown());
      }
    }
    return Finding.allow(DecidedBy.OVERRIDE, shown, reason);
  }

  /** Who wants a person. In bypassPermissions the mode is the authority. */
  static Finding askRules(CallPart part, Case one) {
    Predicate<CompiledRule> firm = Layers::firm;
    Optional<CompiledRule> hard =
        one.bypass() ? one.policy().rules().ask(part, one.call(), firm) : notOwnAsk(part, one);
    if (hard.isPresent()) {
      Finding ask = asked(hard.get()).noting(losers(part, one));
      return firm.test(hard.get()) ? ask.asFirm() : ask;
    }
    if (one.bypass()) {
      return Finding.pass("silent in bypassPermissions");
    }
    Optional<CompiledRule> unread = one.possibleDeny(part);
    if (unread.isPresent()) {
      String why =
          part.doubt() != null ? part.doubt().why() : "it may reach or run what the rule is about";
      String reason = Reasons.askedUnread(unread.get().shown(), why);
      return one.exactGrant(part)
          .map(Layers::granted)
          .orElseGet(() -> Finding.ask(DecidedBy.RULE, unread.get().text(), reason));
    }
    Finding own = ownAsk(part, one);
    if (own == null) {
      return Finding.pass("no ask rule");
    }
    return one.grant(part).map(Layers::granted).orElse(own);
  }

  /** An ask that no override and no grant settles: a person is wanted for this very call. */
  private static Optional<CompiledRule> notOwnAsk(CallPart part, Case one) {
    Optional<CompiledRule> ask = one.policy().rules().ask(part, one.call(), OWN.negate());
    return ask.isPresent() ? ask : one.policy().rules().denyUnasked(part, one.call());
  }

  private static Finding ownAsk(CallPart part, Case one) {
    Optional<CompiledRule> rule = one.policy().rules().ask(part, one.call(), OWN);
    if (rule.isPresent()) {
      return asked(rule.get());
    }
    Optional<UserOverride> override = one.policy().overrides().of(part, one.call());
    if (override.isPresent() && override.get().level() == OverrideLevel.ASK) {
      String shown = Overrides.shown(override.get());
      return Finding.ask(DecidedBy.OVERRIDE, shown, Reasons.override(OverrideLevel.ASK, shown));
    }
    String why = one.call().call().agentAsks();
    return why == null ? null : Finding.ask(DecidedBy.RULE, null, Reasons.askedByAgent(why));
  }

  private static Finding asked(CompiledRule rule) {
    return Finding.ask(DecidedBy.RULE, rule.text(), Reasons.askedByRule(rule.shown()));
  }

  private static Finding granted(Grant grant) {
    return Finding.allow(DecidedBy.GRANT, grant.id(), Reasons.grant(grant.givenAt()));
  }

  /** What somebody allowed beforehand. No rule opens a protected file. */
  static Finding allowRules(CallPart part, Case one) {
    boolean barred = PlanGate.bars(part, one);
    Set<CompiledRule> allows =
        one.policy().rules().allow(part, one.call(), r -> r.diagnostic() || !barred);
    if (allows.isEmpty()) {
      return Finding.pass(barred ? "no allow rule for plan mode" : "no allow rule");
    }
    String shown = allows.stream().map(CompiledRule::shown).collect(Collectors.joining(" and "));
    String text = allows.stream().map(CompiledRule::text).collect(Collectors.joining(" and "));
    return part.paths().stream().anyMatch(t -> t.writes() && t.guarded())
        ? Finding.pass(shown + " does not open a protected file")
        : Finding.allow(DecidedBy.RULE, text, Reasons.allowedByRule(shown));
  }

  /** What a person allowed for this turn or session. */
  static Finding grants(CallPart part, Case one) {
    return one.grant(part).map(Layers::granted).orElseGet(() -> Finding.pass("no grant"));
  }

  /** What mode and profile cover, then the tool's default, then the boundary. */
  static Finding coverage(CallPart part, Case one) {
    PermissionMode mode = one.permissions().mode();
    String outside = one.writesThePlan(part) ? null : one.coverage().outside(part);
    if (outside == null) {
      return Finding.allow(DecidedBy.MODE, null, Reasons.mode(mode));
    }
    boolean lost = part.doubt() != null && part.doubt().blocksAll();
    Finding preset = byDefault(part, one);
    if (preset.verdict() != null) {
      return preset;
    }
    boolean approved =
        one.permissions().approvalPolicy() == ApprovalPolicy.APPROVE_TRUSTED && trusted(part, one);
    return approved
        ? Finding.allow(DecidedBy.MODE, null, Reasons.mode(mode))
        : boundary(outside, lost, one);
  }

  /**
   * What is left when nothing covers it.
   *
   * @param lost whether it cannot be told what would happen
   */
  static Finding boundary(String outside, boolean lost, Case one) {
    return switch (one.permissions().approvalPolicy()) {
      case ASK_ON_BOUNDARY, APPROVE_TRUSTED ->
          Finding.ask(DecidedBy.POLICY, null, Reasons.boundary(outside));
      case NEVER_ASK ->
          lost
              ? Finding.deny(DecidedBy.SYSTEM, null, Reasons.system(outside))
              : Finding.deny(DecidedBy.POLICY, null, Reasons.nobody(outside));
      case BLOCK_REQUIRES_APPROVAL -> Finding.deny(DecidedBy.POLICY, null, Reasons.nobody(outside));
    };
  }

  /** What the tool catalogue says where nobody else did. */
  static Finding byDefault(CallPart part, Case one) {
    OverrideLevel level = one.call().entry().defaultLevel();
    boolean plain = part.doubt() == null && part.touches().isEmpty();
    if (level == null || level == OverrideLevel.ALWAYS && (!plain || PlanGate.bars(part, one))) {
      return Finding.pass("no default");
    }
    return switch (level) {
      case ALWAYS -> Finding.allow(DecidedBy.DEFAULT, null, Reasons.byDefault());
      case ASK -> Finding.ask(DecidedBy.DEFAULT, null, Reasons.askedByDefault());
      case NEVER -> Finding.deny(DecidedBy.DEFAULT, null, Reasons.deniedByDefault());
    };
  }

  /**
   * An edit inside the workspace that a custom profile leaves; nothing else is trusted without an
   * administrator's rule.
   */
  private static boolean trusted(CallPart part, Case one) {
    boolean edit =
        part.kind() == ToolKind.EDIT || part.kind() == ToolKind.MOVE || part.reach() == Reach.EDIT;
    return edit
        && !one.planning()
        && !part.paths().isEmpty()
        && one.coverage().editInside(part)
        && one.coverage().left(part);
  }

  /** Whether some call of a tool may be trusted. */
  static boolean mayTrust(EffectivePermissions permissions, ToolEntry tool) {
    boolean edits = tool.kind() == ToolKind.EDIT || tool.kind() == ToolKind.MOVE || tool.shell();
    return permissions.approvalPolicy() == ApprovalPolicy.APPROVE_TRUSTED
        && permissions.mode() != PermissionMode.PLAN
        && edits;
  }
}

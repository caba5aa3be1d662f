package dev.countersign.policy;

import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.CallParts;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.rules.CallFacts;
import dev.countersign.policy.rules.Effort;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * The order of decision: one pure function, one list.
 *
 * <p>A call is broken into parts: every command that could run, every redirection, every file and
 * address. Each part goes through the layers on its own; the first layer that settles it wins. The
 * strictest verdict of all parts is the call's.
 */
public final class Authority {
  /** One step of the order. */
  private record Layer(String name, BiFunction<CallPart, Case, Finding> look) {}

  private static final Layer[] LAYERS = {
    new Layer("1 deny rules", DenyRules::of),
    new Layer("2 plan gate", PlanGate::look),
    new Layer("3 overrides", Layers::overrides),
    new Layer("4 ask rules", Layers::askRules),
    new Layer("5 allow rules", Layers::allowRules),
    new Layer("5 grants", Layers::grants),
    new Layer("6 coverage", Layers::coverage)
  };

  /** What is tried on each of very many parts, of which none can be allowed. */
  private static final Layer[] REFUSING = {
    LAYERS[0], LAYERS[1], new Layer("3 overrides", Layers::never)
  };

  /** Lines; what a call of more parts than fit came to is still exact. */
  private static final int LONGEST_TRACE = 500;

  private static final int MOST_UNRESOLVED = 10;

  private Authority() {}

  /**
   * Decides a call.
   *
   * @param claimedMode the mode the agent says it is in; it can only lower the session's; null if
   *     it says nothing
   * @param grants those alive for this session and turn
   */
  public static Decision decide(
      CompiledPolicy policy, ToolCall call, PermissionMode claimedMode, List<Grant> grants) {
    List<CallPart> parts = CallParts.of(call, policy.tools().entry(call.tool()));
    Decision decision = judge(policy, call, parts, claimedMode, grants);
    if (!(decision.verdict() instanceof Verdict.Ask) || Crowd.is(parts)) {
      return decision;
    }
    List<Decision.Offer> offers = Offers.of(policy, call, parts, claimedMode, grants);
    List<String> trace = new ArrayList<>(decision.trace());
    offers.stream()
        .filter(offer -> offer.level() == OverrideLevel.ALWAYS)
        .forEach(offer -> trace.add("hint | the call | would be allowed by " + offer.shown()));
    return new Decision(
        decision.verdict(), trace, decision.unproven(), decision.execution(), offers, List.of());
  }

  /** Decides a call without looking for offers. */
  static Decision judge(
      CompiledPolicy policy, ToolCall call, PermissionMode claimedMode, List<Grant> grants) {
    List<CallPart> parts = CallParts.of(call, policy.tools().entry(call.tool()));
    return judge(policy, call, parts, claimedMode, grants);
  }

  /**
   * The same of a call that was broken into its parts already. One that would take more work than
   * any may is denied, by the rule or the user's word that denies a part if one was found until
   * then: no rule that denies is left out.
   */
  static Decision judge(
      CompiledPolicy policy,
      ToolCall call,
      List<CallPart> parts,
      PermissionMode claimedMode,
      List<Grant> grants) {
    EffectivePermissions permissions = policy.effective(claimedMode);
    CallFacts facts = policy.facts(call, policy.tools().entry(call.tool()), permissions);
    Case one = Case.of(policy, facts, permissions, grants);
    return judge(call, parts, one);
  }

  private static Decision judge(ToolCall call, List<CallPart> parts, Case one) {
    EffectivePermissions permissions = one.permissions();
    boolean crowd = Crowd.is(parts);
    List<String> trace = new ArrayList<>();
    Findings all = new Findings();
    try {
      settle(parts, one, all, trace);
    } catch (Effort.TooMuch e) {
      trace.add("effort | the call | " + Reasons.tooComplex());
      Verdict verdict =
          all.refused()
              ? all.strictest().verdict()
              : new Verdict.Deny(DecidedBy.SYSTEM, null, Reasons.tooComplex());
      return new Decision(verdict, trace, false, "foreground", List.of(), List.of());
    }
    unresolved(parts, call, trace);
    Verdict verdict = unanswerable(all, one, trace);
    boolean background =
        all.background() && permissions.executionPolicy() != ExecutionPolicy.FOREGROUND_ONLY;
    return new Decision(
        verdict,
        trace,
        (crowd || all.opaque()) && verdict instanceof Verdict.Allow,
        background ? "background" : "foreground",
        List.of(),
        verdict instanceof Verdict.Allow ? all.grants() : List.of());
  }

  /** Adds what each part comes to, and what their number alone does. */
  private static void settle(List<CallPart> parts, Case one, Findings all, List<String> trace) {
    boolean crowd = Crowd.is(parts);
    Layer[] layers = crowd && !one.bypass() ? REFUSING : LAYERS;
    for (CallPart part : parts) {
      all.add(part, settle(part, one, layers, trace));
      if (crowd && all.deniedByRule()) {
        break;
      }
    }
    if (crowd) {
      Finding finding = Crowd.finding(CallParts.count(parts), one);
      trace.add("parts | the call | " + finding.note());
      all.add(finding);
    }
  }

  /** Tries layers on a part, up to the one that settles it. */
  private static Finding settle(CallPart part, Case one, Layer[] layers, List<String> trace) {
    Finding finding = null;
    for (Layer layer : layers) {
      finding = layer.look().apply(part, one);
      if (trace.size() < LONGEST_TRACE) {
        trace.add(layer.name() + " | " + part.label() + " | " + finding.note());
      }
      if (finding.verdict() != null) {
        break;
      }
    }
    return finding;
  }

  /** Names the paths of which nobody said where they really lead. */
  private static void unresolved(List<CallPart> parts, ToolCall call, List<String> trace) {
    Set<String> paths = new LinkedHashSet<>();
    for (CallPart part : parts) {
      for (PathTouch touch : part.paths()) {
        paths.addAll(touch.places());
      }
      if (paths.size() >= MOST_UNRESOLVED) {
        break;
      }
    }
    if (paths.isEmpty()) {
      return;
    }
    String named =
        paths.stream()
            .limit(MOST_UNRESOLVED)
            .filter(p -> Paths.target(p, call.resolvedPaths(), call.cwd(), call.home()) == null)
            .collect(Collectors.joining(", "));
    if (!named.isEmpty()) {
      trace.add("note | the call | nobody resolved where this leads: " + named);
    }
  }

  /** Layer 7: an ask that nobody can answer is denied at once. */
  private static Verdict unanswerable(Findings all, Case one, List<String> trace) {
    Verdict strictest = all.strictest().verdict();
    if (!(strictest instanceof Verdict.Ask ask)) {
      return strictest;
    }
    ApprovalPolicy policy = one.permissions().approvalPolicy();
    boolean nobody =
        one.permissions().headless()
            || policy == ApprovalPolicy.BLOCK_REQUIRES_APPROVAL
            || policy == ApprovalPolicy.NEVER_ASK && all.silent();
    if (!nobody) {
      trace.add("7 asks nobody can answer | the call | a person can be asked");
      return ask;
    }
    String reason =
        one.call().entry().kind() == ToolKind.SWITCH_MODE
            ? Reasons.switchModeHeadless()
            : Reasons.nobody(ask.reason());
    trace.add("7 asks nobody can answer | the call | " + reason);
    return new Verdict.Deny(DecidedBy.POLICY, ask.rule(), reason);
  }
}

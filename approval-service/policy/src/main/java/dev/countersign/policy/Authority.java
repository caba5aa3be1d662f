package dev.countersign.policy;

import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.CallParts;
import dev.countersign.policy.parts.Doubt;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.rules.CallFacts;
import dev.countersign.policy.tools.ToolEntry;
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
    new Layer("1 deny rules", Layers::denyRules),
    new Layer("2 plan gate", Layers::planGate),
    new Layer("3 overrides", Layers::overrides),
    new Layer("4 ask rules", Layers::askRules),
    new Layer("5 allow rules", Layers::allowRules),
    new Layer("5 grants", Layers::grants),
    new Layer("6 coverage", Layers::coverage)
  };

  /** Of equally strict parts the one that says most about why. */
  private static final List<DecidedBy> TELLING =
      List.of(
          DecidedBy.RULE, DecidedBy.OVERRIDE, DecidedBy.GRANT, DecidedBy.DEFAULT, DecidedBy.MODE);

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
    Decision decision = judge(policy, call, claimedMode, grants);
    if (!(decision.verdict() instanceof Verdict.Ask)) {
      return decision;
    }
    List<Decision.Offer> offers = Offers.of(policy, call, claimedMode, grants);
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
    ToolEntry entry = policy.tools().entry(call.tool());
    EffectivePermissions permissions = policy.effective(claimedMode);
    CallFacts facts = policy.facts(call, entry, permissions);
    Case one = new Case(policy, facts, permissions, grants);
    List<CallPart> parts = CallParts.of(call, entry);
    List<String> trace = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (CallPart part : parts) {
      findings.add(settle(part, one, trace));
    }
    unresolved(parts, call, trace);
    Verdict verdict = unanswerable(strictest(findings), findings, one, trace);
    boolean opaque = false;
    boolean background = false;
    for (CallPart part : parts) {
      opaque |= part.is(Doubt.Kind.OPAQUE);
      background |= part.background();
    }
    background &= permissions.executionPolicy() != ExecutionPolicy.FOREGROUND_ONLY;
    return new Decision(
        verdict,
        trace,
        opaque && verdict instanceof Verdict.Allow,
        background ? "background" : "foreground",
        List.of(),
        verdict instanceof Verdict.Allow ? grantsIn(findings) : List.of());
  }

  private static List<String> grantsIn(List<Finding> findings) {
    return findings.stream()
        .map(Finding::verdict)
        .filter(v -> v.by() == DecidedBy.GRANT)
        .map(Verdict::rule)
        .distinct()
        .toList();
  }

  /** Of several equally strict and telling ones the first. */
  private static Finding strictest(List<Finding> findings) {
    Finding strictest = findings.get(0);
    for (Finding finding : findings) {
      int stricter = finding.strictness() - strictest.strictness();
      if (stricter > 0 || stricter == 0 && telling(finding) > telling(strictest)) {
        strictest = finding;
      }
    }
    return strictest;
  }

  private static Finding settle(CallPart part, Case one, List<String> trace) {
    for (Layer layer : LAYERS) {
      Finding finding = layer.look().apply(part, one);
      if (trace.size() < LONGEST_TRACE) {
        trace.add(layer.name() + " | " + part.label() + " | " + finding.note());
      }
      if (finding.verdict() != null) {
        return finding;
      }
    }
    throw new IllegalStateException("The last layer settles every part.");
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

  private static int telling(Finding finding) {
    int at = TELLING.indexOf(finding.verdict().by());
    return at < 0 ? -TELLING.size() : -at;
  }

  /** An ask that reaches nobody where the policy is never to ask; another part's does not help. */
  private static boolean silent(Finding finding) {
    return finding.verdict() instanceof Verdict.Ask && !finding.firm();
  }

  /** Layer 7: an ask that nobody can answer is denied at once. */
  private static Verdict unanswerable(
      Finding strictest, List<Finding> findings, Case one, List<String> trace) {
    if (!(strictest.verdict() instanceof Verdict.Ask ask)) {
      return strictest.verdict();
    }
    ApprovalPolicy policy = one.permissions().approvalPolicy();
    boolean nobody =
        one.permissions().headless()
            || policy == ApprovalPolicy.BLOCK_REQUIRES_APPROVAL
            || policy == ApprovalPolicy.NEVER_ASK && findings.stream().anyMatch(Authority::silent);
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

package dev.countersign.policy.rules;

import dev.countersign.policy.RuleEffect;
import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.Mention;
import dev.countersign.policy.parts.Touch.PathTouch;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** All rules of a policy, by effect; within one effect no rule is more specific than another. */
public final class RuleBook {
  private final RuleIndex denies;
  private final RuleIndex asks;
  private final RuleIndex allows;

  /** A book of these rules. */
  public RuleBook(List<CompiledRule> rules) {
    this.denies = index(rules, RuleEffect.DENY);
    this.asks = index(rules, RuleEffect.ASK);
    this.allows = index(rules, RuleEffect.ALLOW);
  }

  private static RuleIndex index(List<CompiledRule> rules, RuleEffect effect) {
    return new RuleIndex(rules.stream().filter(r -> r.rule().effect() == effect).toList());
  }

  /**
   * A deny that holds for the part.
   *
   * @param unasked whether those count, too, that only deny what no person is asked about
   */
  public Optional<CompiledRule> deny(CallPart part, CallFacts call, boolean unasked) {
    return denies.first(part, call, r -> (unasked || !r.unasked()) && r.forbids(part, call));
  }

  /** A deny that holds for the part, or may, unless a person is asked. */
  public Optional<CompiledRule> denyUnasked(CallPart part, CallFacts call) {
    return denies.firstPossible(
        part, call, r -> r.unasked() && (r.forbids(part, call) || touched(r, part, call)));
  }

  /** What ships is about files anywhere: not all that may be one of them counts. */
  private static boolean touched(CompiledRule rule, CallPart part, CallFacts call) {
    return rule.shipped() ? rule.picksOut(part, call) : rule.touches(part, call);
  }

  /** A deny that might hold, because not all that the part reaches or runs is known. */
  public Optional<CompiledRule> possibleDeny(CallPart part, CallFacts call) {
    return denies.firstPossible(
        part, call, r -> r.shipped() ? r.picksOut(part, call) : r.mayForbid(part, call));
  }

  /**
   * A deny that could hold for a file of which nobody told where it lies: the home, the working
   * directory or a variable is not known.
   */
  public Optional<CompiledRule> denyForWantOfFacts(CallPart part, CallFacts call) {
    boolean known = call.places().complete();
    for (PathTouch touch : part.paths()) {
      known &= !touch.lost();
    }
    for (Mention mention : part.mentions()) {
      known &= !mention.file().lost();
    }
    return known
        ? Optional.empty()
        : denies.firstPossible(part, call, r -> r.couldMean(part, call));
  }

  /** A deny of a file that a part may touch, or of a host that a command names. */
  public Optional<CompiledRule> denyOfTouched(CallPart part, CallFacts call) {
    return part.mentions().isEmpty() && part.namedHosts().isEmpty() && part.paths().isEmpty()
        ? Optional.empty()
        : denies.firstPossible(part, call, r -> touched(r, part, call));
  }

  /** A deny somebody set for the tool of the call. */
  public Optional<CompiledRule> denyInScope(CallFacts call, boolean strictOnly) {
    return denies.aboutTool(call, r -> !r.shipped() && (r.strict() || !strictOnly));
  }

  /** An ask that holds for the part. */
  public Optional<CompiledRule> ask(
      CallPart part, CallFacts call, Predicate<CompiledRule> considered) {
    return asks.first(part, call, r -> considered.test(r) && r.forbids(part, call));
  }

  /** Allows that together cover the part; empty if it is not covered. */
  public Set<CompiledRule> allow(CallPart part, CallFacts call) {
    return allow(part, call, rule -> true);
  }

  /** The same of those considered. */
  public Set<CompiledRule> allow(
      CallPart part, CallFacts call, Predicate<CompiledRule> considered) {
    Optional<CompiledRule> whole =
        allows.firstAboutTool(part, call, r -> considered.test(r) && r.allows(part, call));
    if (whole.isPresent()) {
      return Set.of(whole.get());
    }
    boolean files = part.command() == null && part.doubt() == null && part.hosts().isEmpty();
    List<PathTouch> paths = part.paths();
    if (!files || paths.isEmpty()) {
      return Set.of();
    }
    Set<CompiledRule> found = new LinkedHashSet<>();
    for (PathTouch path : paths) {
      Optional<CompiledRule> one =
          allows.first(part, call, r -> considered.test(r) && r.allows(path, call));
      if (one.isEmpty()) {
        return Set.of();
      }
      found.add(one.get());
    }
    return found;
  }
}

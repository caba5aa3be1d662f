package dev.countersign.policy;

import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.Doubt;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What all parts of a call came to, while they are looked at one after the other. */
final class Findings {
  /** Of equally strict parts the one that says most about why. */
  private static final List<DecidedBy> TELLING =
      List.of(
          DecidedBy.RULE, DecidedBy.OVERRIDE, DecidedBy.GRANT, DecidedBy.DEFAULT, DecidedBy.MODE);

  private Finding strictest;
  private boolean silent;
  private boolean opaque;
  private boolean background;
  private final Set<String> grants = new LinkedHashSet<>();

  void add(CallPart part, Finding finding) {
    opaque |= part.is(Doubt.Kind.OPAQUE);
    background |= part.background();
    add(finding);
  }

  /** A finding without a verdict counts for nothing. */
  void add(Finding finding) {
    if (finding.verdict() == null) {
      return;
    }
    silent |= finding.verdict() instanceof Verdict.Ask && !finding.firm();
    if (finding.verdict().by() == DecidedBy.GRANT) {
      grants.add(finding.verdict().rule());
    }
    int stricter = strictest == null ? 1 : finding.strictness() - strictest.strictness();
    if (stricter > 0 || stricter == 0 && telling(finding) > telling(strictest)) {
      strictest = finding;
    }
  }

  private static int telling(Finding finding) {
    int at = TELLING.indexOf(finding.verdict().by());
    return at < 0 ? -TELLING.size() : -at;
  }

  /** The strictest one; of several equally strict and telling ones the first. */
  Finding strictest() {
    return strictest;
  }

  /** Whether nothing can be stricter and say more about why. */
  boolean deniedByRule() {
    return deniedBy(DecidedBy.RULE);
  }

  /** Whether a rule or the user's own word denies a part. */
  boolean refused() {
    return deniedBy(DecidedBy.RULE) || deniedBy(DecidedBy.OVERRIDE);
  }

  private boolean deniedBy(DecidedBy by) {
    return strictest != null && strictest.verdict() instanceof Verdict.Deny deny && deny.by() == by;
  }

  /** Whether some ask reaches nobody where the policy is never to ask. */
  boolean silent() {
    return silent;
  }

  /** Whether some part is a program that nobody reads. */
  boolean opaque() {
    return opaque;
  }

  /** The grants that allowed parts, in the order of these. */
  List<String> grants() {
    return List.copyOf(grants);
  }

  /** Whether some part runs in the background. */
  boolean background() {
    return background;
  }
}

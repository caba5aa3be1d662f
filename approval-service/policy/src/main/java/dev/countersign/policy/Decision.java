package dev.countersign.policy;

import java.util.List;

/**
 * A verdict and how it came about.
 *
 * @param trace a line for every layer that was looked at, in order
 * @param unproven whether an opaque program was let through unread
 * @param execution where the call should run: {@code foreground} or {@code background}
 * @param offers what an "always" or "never" answer may store; empty unless the verdict is an ask.
 *     Only offers that would prevent the next identical prompt are listed
 * @param grants the ids of the grants without which it would not be an allow; empty unless it is
 *     one
 */
public record Decision(
    Verdict verdict,
    List<String> trace,
    boolean unproven,
    String execution,
    List<Offer> offers,
    List<String> grants) {
  public Decision {
    trace = List.copyOf(trace);
    offers = List.copyOf(offers);
    grants = List.copyOf(grants);
  }

  /** Whether the call was denied because deciding it takes too much work. */
  public boolean tooComplex() {
    return verdict.by() == DecidedBy.SYSTEM && verdict.reason().equals(Reasons.tooComplex());
  }

  /**
   * Something an answer may store as the user's override.
   *
   * @param label word for word what will be stored, for the person
   */
  public record Offer(OverrideLevel level, String tool, String resource, String label) {
    /** Tool and resource as a rule writes them. */
    public String shown() {
      return resource == null ? tool : tool + "(" + resource + ")";
    }
  }
}

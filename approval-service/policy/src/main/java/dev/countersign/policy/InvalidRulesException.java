package dev.countersign.policy;

import java.util.List;

/** Rules that were refused as a whole; every problem is listed. */
public final class InvalidRulesException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * One problem.
   *
   * @param text the rule, override or setting as written
   * @param position index of the character at fault, from 0
   * @param reason what is wrong and what would be right
   */
  public record Problem(String text, int position, String reason) implements java.io.Serializable {
    private static final String OVER_BROAD = "over-broad: ";

    /** An allow that would hold for more than its author can oversee. */
    public static Problem overBroad(String text, int position, String reason) {
      return new Problem(text, position, OVER_BROAD + reason);
    }

    /** Whether the rule is well-formed, but reaches too far. */
    public boolean overBroad() {
      return reason.startsWith(OVER_BROAD);
    }
  }

  private final List<Problem> problems;

  public InvalidRulesException(List<Problem> problems) {
    super(problems.size() == 1 ? problems.get(0).reason() : problems.size() + " problems");
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}

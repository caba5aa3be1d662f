package dev.countersign.policy.rules;

/**
 * How much work deciding one call has taken so far, counted in comparisons of a rule with a part. A
 * count, not a clock: the same call under the same rules is decided alike on every machine.
 */
public final class Effort {
  /** What one decision may take: seconds at most. Everyday calls take hundreds. */
  public static final long MOST = 5_000_000;

  private long spent;

  /** Thrown where one call would take more work than any may. */
  public static final class TooMuch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMuch() {
      super("more comparisons than " + MOST, null, false, false);
    }
  }

  /**
   * Counts a comparison.
   *
   * @param weight of the part a rule is compared with
   * @throws TooMuch if the decision has now taken more than any may
   */
  public void compare(int weight) {
    spent += weight;
    if (spent > MOST) {
      throw new TooMuch();
    }
  }

  /** The comparisons so far. */
  public long spent() {
    return spent;
  }
}

package dev.countersign.gateway.bodies;

import dev.countersign.protocol.Json;

/** How large a body may be, by address. */
public final class BodyLimits {
  /** Thousands of cases are fine in one evaluation. */
  public static final long EVALUATE = 16L * Json.MAX_REQUEST_BYTES;

  static final String EVALUATE_PATH = "/v1/evaluate";

  private BodyLimits() {}

  /** The limit of an address, where the budget has room for so much. */
  static long of(String path, BodyBudget budget) {
    long own = path.equals(EVALUATE_PATH) ? EVALUATE : Json.MAX_REQUEST_BYTES;
    return Math.min(own, budget.largest());
  }
}

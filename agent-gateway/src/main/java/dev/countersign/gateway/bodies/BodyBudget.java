package dev.countersign.gateway.bodies;

import dev.countersign.door.FairShare;
import dev.countersign.door.RefusedException;
import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Problems;
import dev.countersign.protocol.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * Counts the bytes of request bodies that this replica holds, and of answers that wait for their
 * readers, so that nobody fills its memory and nobody takes what others need. A small reserve every
 * caller gets in any case, for answers and commands. Thread-safe; never blocks.
 */
@ApplicationScoped
public class BodyBudget {
  /** What every caller may hold whatever others hold. */
  static final long RESERVE = 64 * 1024;

  /** Unless it is set: the largest body, and as much again with some room for others. */
  private static final long LEAST = 2 * BodyLimits.EVALUATE + 4L * Json.MAX_REQUEST_BYTES;

  private final FairShare bytes;

  @Inject
  BodyBudget(GatewayConfig config) {
    this(
        config
            .bodies()
            .maxBytesInFlight()
            .orElse(Math.max(LEAST, Runtime.getRuntime().maxMemory() / 8)));
  }

  /**
   * A budget.
   *
   * @param total bytes; one caller gets at most half of them
   */
  BodyBudget(long total) {
    if (total < 2L * Json.MAX_REQUEST_BYTES) {
      throw new IllegalArgumentException(
          "countersign.bodies.max-bytes-in-flight is %d and must be at least %d: two requests"
              .formatted(total, 2L * Json.MAX_REQUEST_BYTES));
    }
    this.bytes = new FairShare(total, RESERVE);
  }

  /** The most that one caller can ever hold. */
  public long largest() {
    return bytes.largest();
  }

  /** Bytes that one request holds; begins empty. */
  public Share open(String caller) {
    return new Share(caller);
  }

  /** The bytes held by all. */
  public long inUse() {
    return bytes.held();
  }

  private ProblemException tooMany(long own) {
    return Problems.tooMany(
        "Your requests and answers hold %d bytes, the limit is %d; wait for some of them."
            .formatted(own, largest()));
  }

  private static ProblemException overloaded() {
    return Problems.unavailable(
        "overloaded",
        "This replica holds as many bytes of requests and answers as it can; try again.");
  }

  /** What one request holds of the budget. */
  public final class Share {
    private final String caller;
    private final FairShare.Share held;

    private Share(String caller) {
      this.caller = caller;
      this.held = bytes.open(caller);
    }

    /**
     * Takes as much more as is needed to hold this many bytes.
     *
     * @throws ProblemException 429 or 503 if there is no room; what it had it keeps until it is
     *     released
     */
    synchronized void grow(long toBytes) {
      long more = toBytes - held.own();
      if (more > 0 && !held.take(more)) {
        long own = bytes.heldBy(caller);
        throw own + more > largest() ? tooMany(own) : overloaded();
      }
    }

    /**
     * Takes so much more, as the reading of a body asks for it.
     *
     * @throws RefusedException as {@link #grow} refuses it
     */
    synchronized void add(long more) {
      try {
        grow(held.own() + more);
      } catch (ProblemException e) {
        throw new RefusedException(e.problem(), e.headers());
      }
    }

    /** Takes so much more, also where there is no room: for what must be said. */
    synchronized void addAnyway(long more) {
      held.takeAnyway(more);
    }

    /** Gives everything back; more calls do nothing. */
    void release() {
      held.release();
    }
  }
}

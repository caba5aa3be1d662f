package dev.countersign.gateway.bodies;

import dev.countersign.door.RefusedException;
import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Problems;
import dev.countersign.protocol.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the bytes of request bodies that this replica holds, so that nobody fills its memory and
 * nobody takes what others need: a caller gets more only as long as at least as much stays free as
 * the caller then holds. One alone gets half, the next a quarter, and however many take all they
 * can, something is left. A small reserve every caller gets in any case, for answers and commands.
 * Thread-safe; never blocks.
 */
@ApplicationScoped
public class BodyBudget {
  /** What every caller may hold whatever others hold. */
  static final long RESERVE = 64 * 1024;

  /** Unless it is set: the largest body, and as much again with some room for others. */
  private static final long LEAST = 2 * BodyLimits.EVALUATE + 4L * Json.MAX_REQUEST_BYTES;

  private final long total;
  private final Map<String, Long> held = new HashMap<>();
  private long sum;

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
    this.total = total;
  }

  /** The most that one caller can ever hold. */
  public long largest() {
    return total / 2;
  }

  /** Bytes that one request holds; begins empty. */
  public Share open(String caller) {
    return new Share(caller);
  }

  /** The bytes held by all. */
  public synchronized long inUse() {
    return sum;
  }

  private synchronized void take(String caller, long bytes) {
    long own = held.getOrDefault(caller, 0L) + bytes;
    if (own > RESERVE && own > total - sum - bytes) {
      throw own > largest() ? tooMany(own - bytes) : overloaded();
    }
    sum += bytes;
    held.put(caller, own);
  }

  private ProblemException tooMany(long own) {
    return Problems.tooMany(
        "Your requests that are being read hold %d bytes, the limit is %d; wait for some of them."
            .formatted(own, largest()));
  }

  private static ProblemException overloaded() {
    return Problems.unavailable(
        "overloaded", "This replica holds as many request bodies as it can; try again.");
  }

  private synchronized void give(String caller, long bytes) {
    sum -= bytes;
    held.computeIfPresent(caller, (key, own) -> own == bytes ? null : own - bytes);
  }

  /** What one request holds of the budget. */
  public final class Share {
    private final String caller;
    private long bytes;
    private boolean released;

    private Share(String caller) {
      this.caller = caller;
    }

    /**
     * Takes as much more as is needed to hold this many bytes.
     *
     * @throws ProblemException 429 or 503 if there is no room; what it had it keeps until it is
     *     released
     */
    synchronized void grow(long toBytes) {
      if (!released && toBytes > bytes) {
        take(caller, toBytes - bytes);
        bytes = toBytes;
      }
    }

    /**
     * Takes so much more, as the reading of a body asks for it.
     *
     * @throws RefusedException as {@link #grow} refuses it
     */
    synchronized void add(long more) {
      try {
        grow(bytes + more);
      } catch (ProblemException e) {
        throw new RefusedException(e.problem(), e.headers());
      }
    }

    /** Gives everything back; more calls do nothing. */
    synchronized void release() {
      if (!released) {
        released = true;
        give(caller, bytes);
      }
    }
  }
}

package dev.countersign.door;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Counts the requests that a replica works on and the bytes of their bodies and answers, for each
 * caller and in all, so that nobody fills its memory. Thread-safe; never blocks.
 */
public final class Room {
  /**
   * The most that may be there at once.
   *
   * <p>Both are shared as {@link FairShare} says.
   *
   * @param requests of one caller
   * @param allRequests of all callers
   * @param bytes of all callers
   */
  public record Limits(int requests, int allRequests, long bytes) {
    public Limits {
      if (requests < 1 || allRequests < requests || bytes < 2) {
        throw new IllegalArgumentException(
            "one caller needs room for a request, all callers for as many, and for some bytes");
      }
    }

    private long reservedBytes() {
      return bytes / 1024;
    }

    private int reservedRequests() {
      return Math.max(1, allRequests / 64);
    }

    /**
     * The limits of a service.
     *
     * @param configured bytes as {@code countersign.http.max-bytes-in-flight} says; without it an
     *     eighth of the heap, but no less than the least
     * @param least bytes with which the service can work
     * @throws IllegalArgumentException if fewer are configured
     */
    public static Limits of(int requests, int allRequests, OptionalLong configured, long least) {
      long bytes = configured.orElse(Math.max(least, Runtime.getRuntime().maxMemory() / 8));
      if (bytes < least) {
        throw new IllegalArgumentException(
            "countersign.http.max-bytes-in-flight is %d and must be at least %d"
                .formatted(bytes, least));
      }
      return new Limits(requests, allRequests, bytes);
    }
  }

  private final Limits limits;
  private final Map<String, Integer> requests = new HashMap<>();
  private int allRequests;
  private final FairShare bytes;

  public Room(Limits limits) {
    this.limits = limits;
    this.bytes = new FairShare(limits.bytes(), limits.reservedBytes());
  }

  /**
   * Lets one request in; it holds no bytes yet.
   *
   * @throws RefusedException 429 or 503 if there is no room
   */
  public synchronized Share open(String caller) {
    int own = 1 + requests.getOrDefault(caller, 0);
    int free = limits.allRequests() - allRequests - 1;
    boolean room = free >= 0 && (own <= limits.reservedRequests() || own <= free);
    if (own > limits.requests() || !room && own > limits.allRequests() / 2) {
      throw RefusedException.tooMany(
          "%d of your requests are being worked on, the limit; wait for some of them."
              .formatted(own - 1));
    }
    if (!room) {
      throw RefusedException.overloaded(
          "This replica works on as many requests as it can; try again.");
    }
    requests.put(caller, own);
    allRequests++;
    return new Share(caller);
  }

  /** The bytes held by all. */
  public long bytes() {
    return bytes.held();
  }

  /** The requests of all. */
  public synchronized int requests() {
    return allRequests;
  }

  private synchronized void leave(String caller) {
    allRequests--;
    requests.computeIfPresent(caller, (key, own) -> own == 1 ? null : own - 1);
  }

  private RefusedException noRoom(long own, long more) {
    return own + more > bytes.largest()
        ? RefusedException.tooMany(
            "Your requests that are being worked on hold %d bytes, the limit is %d; wait for some of them."
                .formatted(own, bytes.largest()))
        : RefusedException.overloaded("This replica holds as many bytes as it can; try again.");
  }

  /** What one request holds. */
  public final class Share {
    private final String caller;
    private final FairShare.Share held;

    private Share(String caller) {
      this.caller = caller;
      this.held = bytes.open(caller);
    }

    /**
     * Holds so many bytes more.
     *
     * @throws RefusedException 429 or 503 if there is no room; then it holds what it held
     */
    public void grow(long more) {
      if (!held.take(more)) {
        throw noRoom(bytes.heldBy(caller), more);
      }
    }

    /** Holds so many bytes more, also where there is no room: for what must be said. */
    public void growAnyway(long more) {
      held.takeAnyway(more);
    }

    /** Gives everything back; more calls do nothing. */
    void release() {
      if (held.release()) {
        leave(caller);
      }
    }
  }
}

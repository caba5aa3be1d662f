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
   * <p>A caller gets more only as long as at least as much stays free as the caller then holds: one
   * alone gets half, the next a quarter, and however many take all they can, something is left. A
   * small reserve every caller gets in any case.
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

  private static final class Held {
    private int requests;
    private long bytes;
  }

  private final Limits limits;
  private final Map<String, Held> callers = new HashMap<>();
  private final Held all = new Held();

  public Room(Limits limits) {
    this.limits = limits;
  }

  /**
   * Lets one request in; it holds no bytes yet.
   *
   * @throws RefusedException 429 or 503 if there is no room
   */
  public synchronized Share open(String caller) {
    Held before = callers.get(caller);
    int own = 1 + (before == null ? 0 : before.requests);
    int free = limits.allRequests() - all.requests - 1;
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
    callers.computeIfAbsent(caller, key -> new Held()).requests++;
    all.requests++;
    return new Share(caller);
  }

  /** The bytes held by all. */
  public synchronized long bytes() {
    return all.bytes;
  }

  /** The requests of all. */
  public synchronized int requests() {
    return all.requests;
  }

  private void check(Held holder, long more) {
    long own = holder.bytes + more;
    if (own <= limits.reservedBytes() || own <= limits.bytes() - all.bytes - more) {
      return;
    }
    if (own > limits.bytes() / 2) {
      throw RefusedException.tooMany(
          "Your requests that are being worked on hold %d bytes, the limit is %d; wait for some of them."
              .formatted(holder.bytes, limits.bytes() / 2));
    }
    throw RefusedException.overloaded("This replica holds as many bytes as it can; try again.");
  }

  /** What one request holds. */
  public final class Share {
    private final String caller;
    private long bytes;
    private boolean released;

    private Share(String caller) {
      this.caller = caller;
    }

    /**
     * Holds so many bytes more.
     *
     * @throws RefusedException 429 or 503 if there is no room; then it holds what it held
     */
    public void grow(long more) {
      synchronized (Room.this) {
        if (!released) {
          check(callers.get(caller), more);
          take(more);
        }
      }
    }

    /** Holds so many bytes more, also where there is no room: for what must be said. */
    public void growAnyway(long more) {
      synchronized (Room.this) {
        if (!released) {
          take(more);
        }
      }
    }

    private void take(long more) {
      bytes += more;
      all.bytes += more;
      callers.get(caller).bytes += more;
    }

    /** Gives everything back; more calls do nothing. */
    void release() {
      synchronized (Room.this) {
        if (!released) {
          take(-bytes);
          released = true;
          all.requests--;
          callers.computeIfPresent(caller, (key, own) -> --own.requests == 0 ? null : own);
        }
      }
    }
  }
}

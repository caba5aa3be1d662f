package dev.countersign.door;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts what callers hold of something scarce, such as bytes of memory. A caller gets more only as
 * long as at least as much stays free as the caller then holds: one alone gets half, the next a
 * quarter, and however many take all they can, something is left. A small reserve every caller gets
 * in any case. Thread-safe; never blocks.
 */
public final class FairShare {
  private final long total;
  private final long reserve;
  private final Map<String, Long> byCaller = new HashMap<>();
  private long held;

  /**
   * Of which nobody holds anything yet.
   *
   * @param total of all callers, but for what they hold of their reserves
   * @param reserve what every caller may hold whatever others hold
   */
  public FairShare(long total, long reserve) {
    this.total = total;
    this.reserve = reserve;
  }

  /** The most that one caller can ever hold. */
  public long largest() {
    return total / 2;
  }

  /** What all hold. */
  public synchronized long held() {
    return held;
  }

  /** What a caller holds. */
  public synchronized long heldBy(String caller) {
    return byCaller.getOrDefault(caller, 0L);
  }

  /** Takes so much more; false, and nothing is taken, if there is no room for it. */
  public synchronized boolean take(String caller, long more) {
    long own = heldBy(caller) + more;
    boolean room = own <= reserve || own <= total - held - more;
    if (room) {
      takeAnyway(caller, more);
    }
    return room;
  }

  /** Takes so much more, also where there is no room. */
  public synchronized void takeAnyway(String caller, long more) {
    held += more;
    byCaller.merge(caller, more, Long::sum);
  }

  /** Gives back so much of what was taken. */
  public synchronized void give(String caller, long back) {
    held -= back;
    byCaller.computeIfPresent(caller, (key, own) -> own == back ? null : own - back);
  }

  /** What one request of a caller holds of it; begins empty. */
  public Share open(String caller) {
    return new Share(caller);
  }

  /** What one request holds, until it is given back; from then on it holds nothing more. */
  public final class Share {
    private final String caller;
    private long own;
    private boolean released;

    private Share(String caller) {
      this.caller = caller;
    }

    /** How much it holds. */
    public synchronized long own() {
      return own;
    }

    /** Holds so much more; false, and it holds what it held, if there is no room for it. */
    public synchronized boolean take(long more) {
      if (released) {
        return true;
      }
      boolean room = FairShare.this.take(caller, more);
      own += room ? more : 0;
      return room;
    }

    /** Holds so much more, also where there is no room. */
    public synchronized void takeAnyway(long more) {
      if (!released) {
        FairShare.this.takeAnyway(caller, more);
        own += more;
      }
    }

    /** Gives everything back; false if it was given back before. */
    public synchronized boolean release() {
      if (released) {
        return false;
      }
      released = true;
      give(caller, own);
      own = 0;
      return true;
    }
  }
}

package dev.countersign.approval.overrides;

import java.util.HashMap;
import java.util.Map;

/**
 * How far the topic is in the projection.
 *
 * @param timeline which of its histories Postgres is in: a standby that takes over begins one
 * @param offsets the next one of each partition
 */
record Reached(String timeline, Map<Integer, Long> offsets) {
  Reached {
    offsets = Map.copyOf(offsets);
  }

  /** The same and further, where these offsets are further. */
  Reached and(Map<Integer, Long> further) {
    Map<Integer, Long> all = new HashMap<>(offsets);
    further.forEach((partition, next) -> all.merge(partition, next, Math::max));
    return new Reached(timeline, all);
  }

  /** The same without a partition, which is read from its beginning. */
  Reached without(int partition) {
    Map<Integer, Long> others = new HashMap<>(offsets);
    others.remove(partition);
    return new Reached(timeline, others);
  }

  /** Whether a database that says this has lost nothing of one that said {@code before}. */
  boolean continues(Reached before) {
    return timeline.equals(before.timeline) && covers(offsets, before.offsets);
  }

  /** Whether some offsets are at or beyond others in every partition of these. */
  static boolean covers(Map<Integer, Long> offsets, Map<Integer, Long> others) {
    return others.entrySet().stream()
        .allMatch(other -> offsets.getOrDefault(other.getKey(), -1L) >= other.getValue());
  }
}

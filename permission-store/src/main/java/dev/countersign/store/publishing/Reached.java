package dev.countersign.store.publishing;

import java.util.Map;

/**
 * How far the topic is known to the database.
 *
 * @param timeline which of its histories Postgres is in: a standby that takes over begins one
 * @param offsets the next one of each partition
 */
record Reached(String timeline, Map<Integer, Long> offsets) {
  Reached {
    offsets = Map.copyOf(offsets);
  }

  /** The same, up to these offsets. */
  Reached at(Map<Integer, Long> further) {
    return new Reached(timeline, further);
  }

  /** Whether a database that says this has lost nothing of one that said {@code before}. */
  boolean continues(Reached before) {
    return timeline.equals(before.timeline)
        && before.offsets.entrySet().stream()
            .allMatch(o -> offsets.getOrDefault(o.getKey(), -1L) >= o.getValue());
  }
}

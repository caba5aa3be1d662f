package dev.countersign.approval.overrides;

import dev.countersign.approval.kafka.InboundRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Records of documents that were refused. One that is signed with a key that is not trusted here
 * may be the store's: the trust file may lack a new key. The topic counts as read only up to the
 * first such record, so that it is read again, until its key is trusted or a proven record of the
 * same user stands behind it.
 */
final class Unproven {
  private static final String UNKNOWN_KEY = "unknown_key";

  private record Place(int partition, long offset) {
    static Place of(InboundRecord record) {
      return new Place(record.partition(), record.offset());
    }
  }

  private final Map<String, Place> waiting = new HashMap<>();
  private final Set<Place> told = new HashSet<>();

  /** Reading begins again where the topic counts as read to. */
  void readAgain() {
    waiting.clear();
  }

  /** A record was refused. Returns whether it was not refused before. */
  boolean refused(InboundRecord record, String code) {
    if (code.equals(UNKNOWN_KEY) && record.keyText() != null) {
      waiting.putIfAbsent(record.keyText(), Place.of(record));
    }
    return told.add(Place.of(record));
  }

  /** A record is the store's: what stood before it for the same user no longer counts. */
  void proven(InboundRecord record) {
    waiting.remove(record.keyText());
  }

  /** How many users' last records are not proven. */
  int users() {
    return waiting.size();
  }

  /** How far the topic counts as read, where it was read to these offsets. */
  Map<Integer, Long> readTo(Map<Integer, Long> offsets) {
    Map<Integer, Long> to = new HashMap<>(offsets);
    waiting.values().forEach(place -> to.merge(place.partition(), place.offset(), Math::min));
    told.removeIf(place -> place.offset() < to.getOrDefault(place.partition(), 0L));
    return to;
  }
}

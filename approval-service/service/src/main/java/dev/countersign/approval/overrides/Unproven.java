package dev.countersign.approval.overrides;

import dev.countersign.approval.kafka.InboundRecord;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Records of documents that were refused. One that is signed with a key that is not trusted here
 * may be the store's: the trust file may lack a new key. The topic counts as read only up to the
 * first such record, so that it is read again, until its key is trusted or a proven record of the
 * same user stands behind it.
 *
 * <p>Each refusal is told once: whoever reads on says when that is done. What is remembered is
 * bounded. Of more users than that the topic counts as read only up to the first that is not
 * remembered; more refusals than that are told again whenever they are read again.
 */
final class Unproven {
  static final int MOST = 10_000;
  private static final String UNKNOWN_KEY = "unknown_key";

  private record Place(int partition, long offset) {
    static final Comparator<Place> ORDER =
        Comparator.comparingInt(Place::partition).thenComparingLong(Place::offset);

    static Place of(InboundRecord record) {
      return new Place(record.partition(), record.offset());
    }
  }

  private final Map<String, Place> waiting = new HashMap<>();
  private final Map<Integer, Long> beyond = new HashMap<>();
  private final NavigableSet<Place> told = new TreeSet<>(Place.ORDER);
  private final Set<Place> telling = new HashSet<>();
  private String topicId;

  /** Reading begins again where the topic counts as read to; another topic has other records. */
  void readAgain(String id) {
    if (!id.equals(topicId)) {
      told.clear();
      topicId = id;
    }
    waiting.clear();
    beyond.clear();
    telling.clear();
  }

  /** A record was refused. Returns whether that must be told. */
  boolean refused(InboundRecord record, String code) {
    Place place = Place.of(record);
    if (code.equals(UNKNOWN_KEY) && record.keyText() != null) {
      wait(record.keyText(), place);
    }
    return !told.contains(place) && telling.add(place);
  }

  private void wait(String user, Place place) {
    if (waiting.size() < MOST || waiting.containsKey(user)) {
      waiting.putIfAbsent(user, place);
    } else {
      beyond.merge(place.partition(), place.offset(), Math::min);
    }
  }

  /** What had to be told of refusals so far was told. */
  void told() {
    for (Place place : telling) {
      if (told.size() < MOST) {
        told.add(place);
      }
    }
    telling.clear();
  }

  /** A record is the store's: what stood before it for the same user no longer counts. */
  void proven(InboundRecord record) {
    waiting.remove(record.keyText());
  }

  /** How many users' last records are not proven; at least, if there are more than remembered. */
  int users() {
    return waiting.size();
  }

  /** How far the topic counts as read, where it was read to these offsets. */
  Map<Integer, Long> readTo(Map<Integer, Long> offsets) {
    Map<Integer, Long> to = new HashMap<>(offsets);
    waiting.values().forEach(place -> to.merge(place.partition(), place.offset(), Math::min));
    beyond.forEach((partition, offset) -> to.merge(partition, offset, Math::min));
    return to;
  }

  /** What lies before these offsets is never read again. */
  void passed(Map<Integer, Long> offsets) {
    offsets.forEach(
        (partition, offset) ->
            told.subSet(new Place(partition, Long.MIN_VALUE), new Place(partition, offset))
                .clear());
  }
}

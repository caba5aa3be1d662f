package dev.countersign.store.publishing;

import dev.countersign.store.users.UserKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last record of each user that was read since they were last taken: the one that compaction
 * keeps. For one thread.
 */
final class LastWords {
  /** A guard of memory; taken too early, a document is only published once more. */
  private static final int MOST = 10_000;

  private final Map<UserKey, Published> last = new LinkedHashMap<>();

  /** Notes records in the order of their partitions. */
  void hear(Collection<Published> records) {
    records.forEach(record -> last.put(record.user(), record));
  }

  /** Whether they are to be looked at: nothing followed, or there are too many. */
  boolean ripe(boolean nothingFollowed) {
    return !last.isEmpty() && (nothingFollowed || last.size() >= MOST);
  }

  /** Hands them over. */
  List<Published> take() {
    List<Published> taken = List.copyOf(last.values());
    last.clear();
    return taken;
  }
}

package dev.countersign.gateway.events;

import dev.countersign.gateway.GatewayConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What changed in inboxes in the last minutes, in arrival order, and who listens. It is filled
 * again from Kafka after a restart and holds nothing that cannot be read again.
 */
@ApplicationScoped
public class InboxRing {
  /** One record of the topic. */
  public record Entry(int partition, long offset, long at, InboxChange change) {}

  /** Gets every record once, in order; must not block. */
  public interface Listener {
    /** {@code change} is null for a record that nobody can read. */
    void onRecord(int partition, long offset, InboxChange change);

    /** What was read no longer says where to go on. */
    void onRestart();
  }

  /**
   * Where a new listener starts.
   *
   * @param position how far it has read, before the replay
   * @param now how far it has read after it
   * @param replay what it missed
   * @param stale whether it asked for more than is kept
   */
  public record Start(Position position, Position now, List<Entry> replay, boolean stale) {}

  private final long window;
  private final int maxKept;
  private final ArrayDeque<Entry> kept = new ArrayDeque<>();
  private final Map<Integer, Long> begin = new HashMap<>();
  private final Map<Integer, Long> last = new HashMap<>();

  /**
   * Left without this object's lock: whoever leaves may hold a lock that {@link #add} waits for.
   */
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  @Inject
  public InboxRing(GatewayConfig config) {
    this(config.events().window(), config.events().maxKept());
  }

  InboxRing(Duration window, int maxKept) {
    this.window = window.toMillis();
    this.maxKept = maxKept;
  }

  /** Starts anew at these offsets: at first assignment, and whenever partitions move. */
  public synchronized void restart(Map<Integer, Long> offsets) {
    kept.clear();
    begin.clear();
    last.clear();
    offsets.forEach(
        (partition, offset) -> {
          begin.put(partition, offset);
          last.put(partition, offset - 1);
        });
    listeners.forEach(Listener::onRestart);
  }

  /** Nobody is to listen here any more: tells all who do that they go on elsewhere. */
  public synchronized void close() {
    closed = true;
    listeners.forEach(Listener::onRestart);
  }

  /** Whether nobody is to listen here any more; a listener that came since was not told. */
  public boolean isClosed() {
    return closed;
  }

  /** A record came. */
  public synchronized void add(int partition, long offset, long at, InboxChange change) {
    kept.addLast(new Entry(partition, offset, at, change));
    last.put(partition, offset);
    while (kept.size() > maxKept || kept.getFirst().at() < at - window) {
      Entry gone = kept.removeFirst();
      begin.put(gone.partition(), gone.offset() + 1);
    }
    listeners.forEach(listener -> listener.onRecord(partition, offset, change));
  }

  /** A record came that cannot be read. */
  public synchronized void skip(int partition, long offset) {
    last.put(partition, offset);
    listeners.forEach(listener -> listener.onRecord(partition, offset, null));
  }

  /** Listens from a position, or from now on if there is none. No record is missed or doubled. */
  public synchronized Start listen(Optional<Position> from, Listener listener) {
    listeners.add(listener);
    Position now = new Position(last);
    if (from.isEmpty()) {
      return new Start(now, now, List.of(), false);
    }
    Map<Integer, Long> read = from.get().last();
    if (!isKept(read)) {
      return new Start(now, now, List.of(), true);
    }
    List<Entry> replay = new ArrayList<>();
    for (Entry entry : kept) {
      if (entry.offset() > read.get(entry.partition())) {
        replay.add(entry);
      }
    }
    return new Start(from.get(), now, replay, false);
  }

  /** Stops listening; never waits for a record that is being handed on. */
  public void leave(Listener listener) {
    listeners.remove(listener);
  }

  /** How many listen. */
  public int listeners() {
    return listeners.size();
  }

  private boolean isKept(Map<Integer, Long> read) {
    return read.keySet().equals(last.keySet())
        && last.keySet().stream()
            .allMatch(
                partition ->
                    read.get(partition) + 1 >= begin.get(partition)
                        && read.get(partition) <= last.get(partition));
  }
}

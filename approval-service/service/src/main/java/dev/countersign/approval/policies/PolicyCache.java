package dev.countersign.approval.policies;

import dev.countersign.protocol.Fence;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The latest policy of each of the sessions that were used last. One that was replaced is let go at
 * once: it may quote a document that its user erased.
 */
final class PolicyCache<T> {
  private record Compiled<T>(Fence fence, String content, T policy) {}

  private final Map<SessionKey, Compiled<T>> latest;

  PolicyCache(int sessions) {
    this.latest =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<SessionKey, Compiled<T>> eldest) {
            return size() > sessions;
          }
        };
  }

  /** What was compiled of exactly this; null if nothing is known of it. */
  synchronized T get(SessionKey session, Fence fence, String content) {
    Compiled<T> known = latest.get(session);
    return known != null && known.fence.equals(fence) && known.content.equals(content)
        ? known.policy
        : null;
  }

  /** Remembers it instead of whatever was known of the session. */
  synchronized void put(SessionKey session, Fence fence, String content, T policy) {
    latest.put(session, new Compiled<>(fence, content, policy));
  }
}

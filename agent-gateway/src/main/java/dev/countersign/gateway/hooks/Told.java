package dev.countersign.gateway.hooks;

import dev.countersign.gateway.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What each session's model was told last, so that it is told again only when it is no longer true.
 * Only a hint: what is forgotten is told once more.
 */
@ApplicationScoped
public class Told {
  private static final int REMEMBERED = 10_000;

  private record Key(String tenant, String session) {}

  private final Map<Key, String> last =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Notes what a session's model is told now; false if that is what it was told last. */
  boolean isNews(Caller agent, String text) {
    synchronized (last) {
      return !text.equals(last.put(new Key(agent.tenant(), agent.session()), text));
    }
  }
}

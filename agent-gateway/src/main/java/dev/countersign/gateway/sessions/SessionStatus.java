package dev.countersign.gateway.sessions;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.countersign.protocol.SessionView;
import java.time.Instant;
import java.util.List;

/**
 * A session as it is read: what it may, and what runs in its background.
 *
 * @param running calls of the session and of those below it that were allowed to run in the
 *     background and are not known to have ended; the latest first, at most 100
 */
public record SessionStatus(@JsonUnwrapped SessionView session, List<Running> running) {
  /** A call that runs. */
  public record Running(String sessionId, String requestId, String tool, Instant allowedAt) {}
}

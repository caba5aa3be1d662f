package dev.countersign.gateway.sessions;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.countersign.protocol.SessionView;
import java.time.Instant;

/**
 * A session that was started: what it may, and the token to ask with.
 *
 * @param sessionToken give it to the agent; it can ask in this session and open children below it
 */
public record StartedSession(
    @JsonUnwrapped SessionView session, String sessionToken, Instant sessionTokenExpiresAt) {}

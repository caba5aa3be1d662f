package dev.countersign.approval.requests;

import java.time.Instant;

/** A call that was allowed to run in the background and is not known to have ended. */
public record RunningCall(String sessionId, String requestId, String tool, Instant allowedAt) {}

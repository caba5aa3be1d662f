package dev.countersign.gateway.requests;

/** The identity of a request. */
public record RequestRef(String tenant, String sessionId, String requestId) {}

package dev.countersign.approval.policies;

/** The identity of a session. */
public record SessionKey(String tenant, String id) {}

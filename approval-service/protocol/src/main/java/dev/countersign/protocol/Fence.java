package dev.countersign.protocol;

/**
 * The state of policy a decision was made under: the managed rules' revision, the user's document
 * version and the session's version. Each only grows.
 */
public record Fence(long managed, long document, long session) {}

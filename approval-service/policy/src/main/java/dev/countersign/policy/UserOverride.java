package dev.countersign.policy;

/**
 * What one user settled for a tool, or for one resource of it.
 *
 * @param resource an exact resource or a pattern; null for the whole tool
 */
public record UserOverride(String tool, String resource, OverrideLevel level) {}

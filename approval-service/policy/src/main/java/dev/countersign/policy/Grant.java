package dev.countersign.policy;

/**
 * An approval a person gave for this turn or session; the caller passes only those that are alive.
 *
 * @param givenAt when, as text for the reason
 * @param digest it holds for this exact call; null for a whole resource
 * @param tool the tool it holds for
 * @param resource as in an override; null together with a digest
 */
public record Grant(String id, String givenAt, String digest, String tool, String resource) {}

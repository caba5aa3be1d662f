package dev.countersign.policy;

/**
 * An approval a person gave for this turn or session; the caller passes only those that are alive.
 *
 * @param givenAt when, as text for the reason
 * @param digest it holds for this exact call; null for a whole resource
 * @param tool the tool it holds for
 * @param resource as in an override; null together with a digest
 * @param inPlan whether the prompt it answers was raised in plan mode
 */
public record Grant(
    String id, String givenAt, String digest, String tool, String resource, boolean inPlan) {
  /** A grant that does not come from a prompt of plan mode. */
  public Grant(String id, String givenAt, String digest, String tool, String resource) {
    this(id, givenAt, digest, tool, resource, false);
  }
}

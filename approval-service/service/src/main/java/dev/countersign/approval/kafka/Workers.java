package dev.countersign.approval.kafka;

/**
 * Threads that work off what comes from Kafka. They are their own: however many HTTP requests wait
 * for threads, a decision waits for none of them.
 */
public final class Workers {
  /** One for each consumer; their number stands in the configuration. */
  public static final String DECISIONS = "decisions";

  private Workers() {}
}

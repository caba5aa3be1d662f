package dev.countersign.local.demo;

import dev.countersign.local.Gateway;

/**
 * One agent and the person it works for.
 *
 * @param label its session in words: the mode, and what is special about it
 * @param sessionToken what it sends to plain Kafka
 * @param agent the gateway with the session's token
 * @param person the gateway with the person's token
 */
record Agent(
    String user,
    String label,
    String sessionId,
    String sessionToken,
    Gateway agent,
    Gateway person) {
  /** Never the token. */
  @Override
  public String toString() {
    return user + " " + label;
  }
}

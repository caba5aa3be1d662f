package dev.countersign.protocol;

import java.util.Set;

/**
 * Environment variables that begin like settings of a service and are none: agents, hooks, scripts
 * and tests read them. A service started from a shell that holds them passes them over. The table
 * in the document on operations lists the same.
 */
public final class ClientVariables {
  /** All of them. */
  public static final Set<String> NAMES =
      Set.of(
          "COUNTERSIGN_URL",
          "COUNTERSIGN_SESSION",
          "COUNTERSIGN_AGENT_TOKEN",
          "COUNTERSIGN_APPROVER_TOKEN",
          "COUNTERSIGN_ADMIN_TOKEN",
          "COUNTERSIGN_HOOK_SECONDS",
          "COUNTERSIGN_KAFKA",
          "COUNTERSIGN_KAFKA_LOGIN",
          "COUNTERSIGN_TENANT",
          "COUNTERSIGN_WAIT_SECONDS",
          "COUNTERSIGN_CHECKOUT",
          "COUNTERSIGN_CLAUDE",
          "COUNTERSIGN_BENCH_GEMINI",
          "COUNTERSIGN_KUBERNETES_TOOLS",
          "COUNTERSIGN_KAFKAJS",
          "COUNTERSIGN_LIBRDKAFKA");

  private ClientVariables() {}
}

package dev.countersign.protocol;

import java.util.List;

/**
 * The tools a session's model should be offered. Left out is what would be denied whatever its
 * input.
 *
 * @param version of the session they were found for
 */
public record SessionTools(String sessionId, long version, List<Offered> tools) {
  /**
   * A tool.
   *
   * @param runs {@code at_once}: whatever its input; {@code asks}: at best after a person was
   *     asked; {@code depends}: on its input
   */
  public record Offered(String name, String kind, String group, String description, String runs) {}

  public SessionTools {
    tools = Require.list("tools", tools);
  }
}

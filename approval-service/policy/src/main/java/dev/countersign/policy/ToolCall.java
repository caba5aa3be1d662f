package dev.countersign.policy;

import java.util.Map;

/**
 * A tool call to be decided.
 *
 * @param input JSON as Java values: Map, List, String, Number, Boolean, null
 * @param cwd absolute; null if unknown
 * @param home absolute; null if unknown
 * @param resolvedPaths path as written in the input to where it really leads
 * @param digest of the canonical call; null in a dry run without grants
 * @param agentAsks why the agent itself would ask; acts as an ask of the session; null if it would
 *     not
 */
public record ToolCall(
    String tool,
    Map<String, Object> input,
    String cwd,
    String home,
    Map<String, String> resolvedPaths,
    String digest,
    String agentAsks) {
  public ToolCall {
    // Not Map.copyOf: JSON objects may hold nulls.
    input = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(input));
    resolvedPaths = Map.copyOf(resolvedPaths);
  }

  /** The same call where nobody told what {@code ~} stands for. */
  public ToolCall homeless() {
    return new ToolCall(tool, input, cwd, null, resolvedPaths, digest, agentAsks);
  }
}

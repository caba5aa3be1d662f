package dev.countersign.protocol;

import java.time.Instant;
import java.util.List;

/**
 * A session's effective permissions, in one place.
 *
 * @param permissionMode the effective one: the minimum over the session and all its ancestors
 * @param modeSource where the session's own mode came from: {@code session}, {@code engine}, {@code
 *     engine_tools}, {@code deployment}, {@code default}, {@code parent}, {@code approved_plan}
 * @param warnings what was lowered, removed or ignored, in words
 * @param engineArgs the final argument list for the engine; empty if none was given
 * @param version grows with every change of the session or an ancestor
 * @param closedAt null while it is open
 */
public record SessionView(
    String tenant,
    String sessionId,
    String owner,
    String parentSessionId,
    String permissionMode,
    String modeSource,
    String profile,
    String approvalPolicy,
    String executionPolicy,
    boolean headless,
    List<String> workspaceRoots,
    List<String> engineArgs,
    List<String> warnings,
    long version,
    Instant createdAt,
    Instant closedAt) {
  public SessionView {
    workspaceRoots = Require.list("workspaceRoots", workspaceRoots);
    engineArgs = Require.list("engineArgs", engineArgs);
    warnings = Require.list("warnings", warnings);
  }
}

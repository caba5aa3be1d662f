package dev.countersign.policy;

import java.util.List;

/**
 * What one session is set to, or (computed over a session and its ancestors) effectively may.
 *
 * @param profile {@code read_only workspace full_access external_sandbox custom(name)}; null means
 *     the mode's own
 * @param approvalPolicy null means the mode's own
 * @param executionPolicy null means the mode's own
 * @param workspaceRoots absolute; empty means the call's cwd
 * @param planFile the one file plan mode may write; null if none
 */
public record Permissions(
    PermissionMode mode,
    String profile,
    ApprovalPolicy approvalPolicy,
    ExecutionPolicy executionPolicy,
    boolean headless,
    List<String> workspaceRoots,
    String planFile) {
  public Permissions {
    workspaceRoots = List.copyOf(workspaceRoots);
  }
}

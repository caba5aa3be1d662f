package dev.countersign.protocol;

import java.util.List;

/**
 * What can be set on a session. Null means: leave as it is (at start: take the default).
 *
 * @param permissionMode {@code plan dontAsk default acceptEdits auto bypassPermissions}, exactly
 * @param profile {@code read_only workspace full_access external_sandbox} or {@code custom(name)}
 * @param approvalPolicy {@code ask_on_boundary approve_trusted never_ask block_requires_approval}
 * @param executionPolicy {@code foreground_only background_preferred fleet_preferred}
 * @param headless no approver exists: what would ask is denied at once
 * @param workspaceRoots the folders it works in, absolute
 * @param overlay rules from files in the repository; they may only tighten
 * @param project rules of the project
 * @param session rules of the session
 * @param planFile the one file plan mode may write
 */
public record SessionSettings(
    String permissionMode,
    String profile,
    String approvalPolicy,
    String executionPolicy,
    Boolean headless,
    List<String> workspaceRoots,
    RuleSet overlay,
    RuleSet project,
    RuleSet session,
    String planFile,
    Engine engine) {
  public SessionSettings {
    workspaceRoots = workspaceRoots == null ? null : Require.list("workspaceRoots", workspaceRoots);
  }

  /** Settings that change nothing. */
  public static SessionSettings none() {
    return new SessionSettings(null, null, null, null, null, null, null, null, null, null, null);
  }
}

package dev.countersign.protocol;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.util.List;

/**
 * What can be set on a session. What is absent stays as it is (at start: takes the default); an
 * explicit {@code null} is refused, and so are older words.
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
    @JsonDeserialize(using = SettingReaders.Mode.class) String permissionMode,
    @JsonDeserialize(using = SettingReaders.Profile.class) String profile,
    @JsonDeserialize(using = SettingReaders.Approval.class) String approvalPolicy,
    @JsonDeserialize(using = SettingReaders.Execution.class) String executionPolicy,
    @JsonDeserialize(using = NeverNull.class) Boolean headless,
    @JsonDeserialize(using = NeverNull.class) List<String> workspaceRoots,
    @JsonDeserialize(using = NeverNull.class) RuleSet overlay,
    @JsonDeserialize(using = NeverNull.class) RuleSet project,
    @JsonDeserialize(using = NeverNull.class) RuleSet session,
    @JsonDeserialize(using = NeverNull.class) String planFile,
    @JsonDeserialize(using = NeverNull.class) Engine engine) {
  public SessionSettings {
    workspaceRoots = workspaceRoots == null ? null : Require.list("workspaceRoots", workspaceRoots);
  }

  /** Settings that change nothing. */
  public static SessionSettings none() {
    return new SessionSettings(null, null, null, null, null, null, null, null, null, null, null);
  }
}

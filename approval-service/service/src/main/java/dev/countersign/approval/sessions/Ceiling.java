package dev.countersign.approval.sessions;

import dev.countersign.policy.ApprovalPolicy;
import dev.countersign.policy.PermissionMode;
import dev.countersign.protocol.SessionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a sender may grant at most. At the start of a session what is wider is lowered with a
 * warning; a later change that is wider is refused.
 */
record Ceiling(PermissionMode mode, boolean bypass) {
  private static final Set<String> WIDE_PROFILES = Set.of("full_access", "external_sandbox");
  private static final String WIDE_POLICY = ApprovalPolicy.NEVER_ASK.word();

  /** Settings within the ceiling, and what was lowered to get there. */
  record Lowered(SessionSettings settings, List<String> warnings) {}

  Lowered lower(SessionSettings wanted, PermissionMode wantedMode) {
    List<String> warnings = new ArrayList<>();
    PermissionMode granted = wantedMode;
    if (wantedMode.compareTo(mode) > 0) {
      granted = mode;
      warnings.add(
          "permissionMode was lowered from %s to %s: more needs a wider role"
              .formatted(wantedMode.word(), mode.word()));
    }
    String profile = wanted.profile();
    if (!bypass && profile != null && WIDE_PROFILES.contains(profile)) {
      warnings.add("profile " + profile + " was dropped: it needs the role bypass");
      profile = null;
    }
    String policy = wanted.approvalPolicy();
    if (!bypass && WIDE_POLICY.equals(policy)) {
      warnings.add("approvalPolicy " + policy + " was dropped: it needs the role bypass");
      policy = null;
    }
    return new Lowered(Settings.with(wanted, granted.word(), profile, policy), warnings);
  }

  /** Refuses a change that grants more than this. */
  void check(SessionSettings change) {
    if (!bypass && change.profile() != null && WIDE_PROFILES.contains(change.profile())) {
      throw notEntitled("profile", change.profile());
    }
    if (!bypass && WIDE_POLICY.equals(change.approvalPolicy())) {
      throw notEntitled("approvalPolicy", change.approvalPolicy());
    }
  }

  /** Refuses a mode that grants more than this. */
  void check(ModeChoice choice) {
    if (choice.mode().compareTo(mode) > 0) {
      throw notEntitled(choice.field(), choice.mode().word());
    }
  }

  private static RefusedException notEntitled(String field, String value) {
    return new RefusedException("not_entitled", field, value + " needs the role bypass");
  }
}

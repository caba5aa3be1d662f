package dev.countersign.gateway.sessions;

import dev.countersign.gateway.http.Problems;
import dev.countersign.policy.ApprovalPolicy;
import dev.countersign.policy.ExecutionPolicy;
import dev.countersign.policy.PermissionMode;
import dev.countersign.protocol.SessionSettings;

/** Refuses words that name no mode or policy, with the list of those that do. */
public final class Modes {
  private Modes() {}

  /** Checks the mode an agent says it is in. Null passes: it says none. */
  public static void checkClaimed(String mode) {
    mode("invalid_mode", "claimedMode", mode);
  }

  private static void mode(String code, String field, String mode) {
    if (mode != null && PermissionMode.of(mode).isEmpty()) {
      throw unknown(code, field, PermissionMode.words());
    }
  }

  /** Checks every word of a session's settings that comes from a closed list. */
  public static void check(SessionSettings settings) {
    mode("invalid_setting", "permissionMode", settings.permissionMode());
    if (settings.engine() != null) {
      mode("invalid_setting", "engine.permissionMode", settings.engine().permissionMode());
    }
    String approval = settings.approvalPolicy();
    if (approval != null && ApprovalPolicy.of(approval).isEmpty()) {
      throw unknown("invalid_setting", "approvalPolicy", ApprovalPolicy.words());
    }
    String execution = settings.executionPolicy();
    if (execution != null && ExecutionPolicy.of(execution).isEmpty()) {
      throw unknown("invalid_setting", "executionPolicy", ExecutionPolicy.words());
    }
  }

  private static RuntimeException unknown(String code, String field, String words) {
    return Problems.invalid(code, field, field + " must be one of " + words);
  }
}

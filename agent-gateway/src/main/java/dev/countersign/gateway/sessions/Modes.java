package dev.countersign.gateway.sessions;

import dev.countersign.gateway.http.Problems;
import dev.countersign.policy.ApprovalPolicy;
import dev.countersign.policy.ExecutionPolicy;
import dev.countersign.policy.PermissionMode;
import dev.countersign.protocol.SessionSettings;

/** Refuses words that name no mode or policy, with the list of those that do. */
public final class Modes {
  private Modes() {}

  /** Null passes: it means the default. */
  public static void check(String field, String mode) {
    if (mode != null && PermissionMode.of(mode).isEmpty()) {
      throw unknown("invalid_mode", field, mode, PermissionMode.words());
    }
  }

  /** Checks every word of a session's settings that comes from a closed list. */
  public static void check(SessionSettings settings) {
    check("permissionMode", settings.permissionMode());
    if (settings.engine() != null) {
      check("engine.permissionMode", settings.engine().permissionMode());
    }
    String approval = settings.approvalPolicy();
    if (approval != null && ApprovalPolicy.of(approval).isEmpty()) {
      throw unknown("invalid_setting", "approvalPolicy", approval, ApprovalPolicy.words());
    }
    String execution = settings.executionPolicy();
    if (execution != null && ExecutionPolicy.of(execution).isEmpty()) {
      throw unknown("invalid_setting", "executionPolicy", execution, ExecutionPolicy.words());
    }
  }

  private static RuntimeException unknown(String code, String field, String word, String words) {
    String shown = word.length() > 64 ? word.substring(0, 64) + "…" : word;
    return Problems.invalid(code, field, field + " \"" + shown + "\" is not one of: " + words);
  }
}

package dev.countersign.approval.sessions;

import dev.countersign.policy.PermissionMode;
import dev.countersign.protocol.token.Roles;
import java.util.List;

/**
 * Who sent a session command.
 *
 * @param person the person, or the owner of the session that acts
 * @param actingSession the session whose agent sent it; null if a person did
 */
public record Sender(String person, List<String> roles, String actingSession) {
  public Sender {
    roles = List.copyOf(roles);
  }

  boolean agent() {
    return actingSession != null;
  }

  boolean admin() {
    return !agent() && roles.contains(Roles.ADMIN);
  }

  /** Whether they may start sessions and set them. */
  boolean approver() {
    return !agent() && Roles.mayAnswer(roles);
  }

  /** Whether they may grant what only {@code bypassPermissions} grants. */
  boolean bypass() {
    return !agent() && roles.contains(Roles.BYPASS);
  }

  /**
   * The widest mode they may grant.
   *
   * @param acting the effective mode of the session that acts; null if a person does
   */
  PermissionMode ceiling(PermissionMode acting) {
    if (agent()) {
      return acting;
    }
    return bypass() ? PermissionMode.BYPASS_PERMISSIONS : PermissionMode.AUTO;
  }
}

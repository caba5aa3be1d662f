package dev.countersign.approval.policies;

import dev.countersign.policy.PermissionMode;

/**
 * The mode a session has of its own, whatever the sessions above it may.
 *
 * @param source where the mode came from
 */
public record Standing(String session, PermissionMode mode, String source) {
  /** Where a mode came from that a person chose as they approved a plan. */
  public static final String APPROVED_PLAN = "approved_plan";
}

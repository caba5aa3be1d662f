package dev.countersign.gateway.sessions;

import dev.countersign.gateway.http.Problems;
import dev.countersign.policy.PermissionMode;

/** Refuses words that name no mode, with the list of those that do. */
public final class Modes {
  private Modes() {}

  /** Checks the mode an agent says it is in. Null passes: it says none. */
  public static void checkClaimed(String mode) {
    if (mode != null && PermissionMode.of(mode).isEmpty()) {
      throw Problems.invalid(
          "invalid_mode", "claimedMode", "claimedMode must be one of " + PermissionMode.words());
    }
  }
}

package dev.countersign.approval.sessions;

import dev.countersign.approval.launch.LaunchArgs;
import dev.countersign.policy.Permissions;
import dev.countersign.protocol.SessionView;
import java.util.ArrayList;
import java.util.List;

/** Shows a session's effective permissions. */
public final class SessionViews {
  private SessionViews() {}

  /**
   * The view.
   *
   * @param above the sessions above it, root first
   */
  public static SessionView of(StoredSession session, List<StoredSession> above) {
    List<StoredSession> chain = new ArrayList<>(above);
    chain.add(session);
    Permissions effective = SessionRules.effective(SessionRules.settings(chain));
    return new SessionView(
        session.key().tenant(),
        session.key().id(),
        session.owner(),
        session.parent(),
        effective.mode().word(),
        session.modeSource(),
        effective.profile(),
        effective.approvalPolicy().word(),
        effective.executionPolicy().word(),
        effective.headless(),
        effective.workspaceRoots(),
        LaunchArgs.of(session.settings().engine(), effective).args(),
        session.warnings(),
        session.version(),
        session.createdAt(),
        session.closedAt());
  }
}

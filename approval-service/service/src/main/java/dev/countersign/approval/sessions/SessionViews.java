package dev.countersign.approval.sessions;

import dev.countersign.approval.launch.LaunchArgs;
import dev.countersign.policy.EffectivePermissions;
import dev.countersign.policy.Permissions;
import dev.countersign.policy.Profile;
import dev.countersign.protocol.SessionView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Shows a session's effective permissions. */
public final class SessionViews {
  private SessionViews() {}

  /**
   * The view.
   *
   * @param above the sessions above it, root first
   * @param profiles what each {@code custom(name)} among them means
   */
  public static SessionView of(
      StoredSession session, List<StoredSession> above, Map<String, Profile> profiles) {
    List<StoredSession> chain = new ArrayList<>(above);
    chain.add(session);
    EffectivePermissions may = SessionRules.effective(SessionRules.settings(chain), profiles);
    List<String> roots = session.settings().workspaceRoots();
    Permissions effective = may.asPermissions(roots == null ? List.of() : roots);
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
        LaunchArgs.of(session.settings().engine(), may).args(),
        session.warnings(),
        session.version(),
        session.createdAt(),
        session.closedAt());
  }
}

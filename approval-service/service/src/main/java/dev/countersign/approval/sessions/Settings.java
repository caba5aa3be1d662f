package dev.countersign.approval.sessions;

import dev.countersign.protocol.Engine;
import dev.countersign.protocol.SessionSettings;

/** Copies of settings with something changed. */
final class Settings {
  private Settings() {}

  static SessionSettings with(SessionSettings s, String mode, String profile, String policy) {
    return new SessionSettings(
        mode,
        profile,
        policy,
        s.executionPolicy(),
        s.headless(),
        s.workspaceRoots(),
        s.overlay(),
        s.project(),
        s.session(),
        s.planFile(),
        s.engine());
  }

  /** What is set, changed by what a command names. */
  static SessionSettings merge(SessionSettings now, SessionSettings change) {
    return new SessionSettings(
        or(change.permissionMode(), now.permissionMode()),
        or(change.profile(), now.profile()),
        or(change.approvalPolicy(), now.approvalPolicy()),
        or(change.executionPolicy(), now.executionPolicy()),
        or(change.headless(), now.headless()),
        or(change.workspaceRoots(), now.workspaceRoots()),
        or(change.overlay(), now.overlay()),
        or(change.project(), now.project()),
        or(change.session(), now.session()),
        or(change.planFile(), now.planFile()),
        merge(now.engine(), change.engine()));
  }

  private static Engine merge(Engine now, Engine change) {
    if (now == null || change == null) {
      return or(change, now);
    }
    return new Engine(
        or(change.id(), now.id()),
        or(change.permissionMode(), now.permissionMode()),
        or(change.tools(), now.tools()),
        or(change.injectedTools(), now.injectedTools()),
        or(change.args(), now.args()));
  }

  private static <T> T or(T value, T other) {
    return value == null ? other : value;
  }
}

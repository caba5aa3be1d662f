package dev.countersign.approval.sessions;

import dev.countersign.policy.PermissionMode;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What an agent may say of a child session that it opens: only what tightens. An allow rule or a
 * plan file of its own would widen its authority, so they are dropped and named.
 */
final class AgentStart {
  /** Where a mode comes from that was not set: whatever the sessions above may. */
  static final String FROM_PARENT = "parent";

  private AgentStart() {}

  static Ceiling.Lowered tightening(SessionSettings wanted, SessionSettings parent) {
    List<String> warnings = new ArrayList<>();
    boolean plans =
        wanted.planFile() == null || Objects.equals(wanted.planFile(), parent.planFile());
    if (!plans) {
      warnings.add("planFile was dropped: only a person may name another one than the parent's");
    }
    SessionSettings settings =
        new SessionSettings(
            wanted.permissionMode(),
            wanted.profile(),
            wanted.approvalPolicy(),
            wanted.executionPolicy(),
            wanted.headless(),
            wanted.workspaceRoots(),
            withoutAllows("overlay", wanted.overlay(), warnings),
            withoutAllows("project", wanted.project(), warnings),
            withoutAllows("session", wanted.session(), warnings),
            plans ? wanted.planFile() : null,
            wanted.engine());
    return new Ceiling.Lowered(settings, warnings);
  }

  private static RuleSet withoutAllows(String scope, RuleSet rules, List<String> warnings) {
    if (rules == null || rules.allow().isEmpty()) {
      return rules;
    }
    rules
        .allow()
        .forEach(
            rule ->
                warnings.add(
                    "allow rule %s [%s] was dropped: an agent cannot widen its own authority"
                        .formatted(rule, scope)));
    return new RuleSet(List.of(), rules.ask(), rules.deny());
  }

  /**
   * The mode of a child for which neither its agent nor its engine names one: no limit of its own,
   * so that it always has exactly what the sessions above it have at the time.
   */
  static ModeChoice inherited() {
    return new ModeChoice(PermissionMode.BYPASS_PERMISSIONS, FROM_PARENT);
  }

  static boolean inherits(SessionSettings wanted) {
    return wanted.permissionMode() == null && ModeChoice.ofEngine(wanted.engine()).isEmpty();
  }
}

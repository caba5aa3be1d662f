package dev.countersign.approval.sessions;

import dev.countersign.approval.policies.PolicyAssembler;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.policies.Standing;
import dev.countersign.policy.PermissionMode;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.token.Roles;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Switches the sessions whose plan was approved to the mode that the person chose, in the
 * transaction of the answer. It takes the authority of whoever answers, exactly as a change of each
 * session would. A session that has as wide a mode already keeps it: only where its mode comes from
 * is noted.
 */
@ApplicationScoped
public class ApprovedPlans {
  private final SessionStore store;

  /** Why a switch is refused. */
  public record Refused(String code, String why) {}

  public ApprovedPlans(SessionStore store) {
    this.store = store;
  }

  /** Locks sessions and all open ones below them, before anything that is locked after these. */
  public void lock(SqlConnection connection, String tenant, List<String> sessions) {
    if (!sessions.isEmpty()) {
      store.lockTrees(connection, tenant, sessions);
    }
  }

  /**
   * Switches what an option names; why that is refused, if it is. Nothing has changed then.
   *
   * @param person who answered, and so has the role {@code approver} or {@code admin}
   * @param admin whether they may change others' sessions
   */
  public Optional<Refused> approve(
      SqlConnection connection, String tenant, PromptOption plan, String person, boolean admin) {
    Sender sender = new Sender(person, List.of(admin ? Roles.ADMIN : Roles.APPROVER), null);
    try {
      List<StoredSession> changed =
          plan.switches().stream()
              .map(id -> changed(connection, new SessionKey(tenant, id), plan.mode(), sender))
              .toList();
      changed.forEach(session -> store.update(connection, session));
      return Optional.empty();
    } catch (RefusedException e) {
      return Optional.of(new Refused(e.code(), e.getMessage()));
    }
  }

  private StoredSession changed(
      SqlConnection connection, SessionKey key, String mode, Sender sender) {
    StoredSession session =
        store
            .lock(connection, key)
            .orElseThrow(
                () -> new RefusedException("unknown_session", null, "There is no such session."));
    boolean keeps =
        PolicyAssembler.permissions(session.settings())
                .mode()
                .compareTo(PermissionMode.of(mode).orElseThrow())
            >= 0;
    SessionSettings none = SessionSettings.none();
    SessionCommand set =
        new SessionCommand(
            key.tenant(),
            "approved-plan",
            key.id(),
            SessionCommand.Action.SET,
            null,
            null,
            keeps ? none : Settings.with(none, mode, null, null),
            null);
    return SessionRules.set(session, set, sender, store.ancestors(connection, key, session.path()))
        .from(Standing.APPROVED_PLAN);
  }
}

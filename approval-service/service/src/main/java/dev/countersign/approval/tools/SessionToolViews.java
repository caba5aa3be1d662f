package dev.countersign.approval.tools;

import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.policy.OfferedTools;
import dev.countersign.policy.OfferedTools.Offered;
import dev.countersign.protocol.SessionTools;
import java.util.List;

/** Shows what a session's model should be offered. */
public final class SessionToolViews {
  private SessionToolViews() {}

  /** The tools; none where every call is denied: in a closed session, or without a policy. */
  public static SessionTools of(SessionPolicy session) {
    boolean nothing = session.closed() || session.policy() == null;
    List<Offered> offered =
        nothing ? List.of() : OfferedTools.of(session.policy(), session.anyGrants());
    return new SessionTools(
        session.key().id(),
        session.fence().session(),
        offered.stream().map(SessionToolViews::view).toList());
  }

  private static SessionTools.Offered view(Offered one) {
    return new SessionTools.Offered(
        one.tool().name(),
        one.tool().kind().word(),
        one.tool().group(),
        one.tool().description(),
        one.runs().word());
  }
}

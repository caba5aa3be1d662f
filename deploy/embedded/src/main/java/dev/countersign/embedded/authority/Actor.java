package dev.countersign.embedded.authority;

import dev.countersign.protocol.token.Roles;
import java.util.List;

/**
 * Somebody who sends commands.
 *
 * @param person the person; for an agent the owner of its session
 * @param session the session of an agent; null for a person
 */
public record Actor(String tenant, String person, List<String> roles, String session) {
  public Actor {
    roles = List.copyOf(roles);
  }

  public boolean agent() {
    return session != null;
  }

  boolean admin() {
    return !agent() && roles.contains(Roles.ADMIN);
  }

  boolean bypass() {
    return !agent() && roles.contains(Roles.BYPASS);
  }

  boolean approver() {
    return !agent() && roles.contains(Roles.APPROVER);
  }

  /** The column of the table of new sessions. */
  String kind() {
    if (agent()) {
      return "agent";
    }
    return admin() ? "admin" : approver() ? "approver" : "viewer";
  }

  /** The column of the table of sessions that exist. */
  String standsTo(ModelSession object) {
    if (!tenant.equals(object.tenant())) {
      return "stranger";
    }
    if (agent()) {
      return session.equals(object.id())
          ? "itself"
          : object.path().contains(session) ? "above" : "elsewhere";
    }
    if (admin()) {
      return "admin";
    }
    if (!person.equals(object.owner())) {
      return "other";
    }
    return approver() ? "owner" : "viewer";
  }
}

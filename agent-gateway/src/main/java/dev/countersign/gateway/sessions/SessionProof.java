package dev.countersign.gateway.sessions;

import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionView;
import dev.countersign.protocol.token.Roles;
import java.util.Objects;

/**
 * Whether the session that came back is the one that a command is about, and one that its sender
 * may have. Ids are chosen by callers and replies are written by others, so neither proves it; only
 * the session as it is stored does.
 */
final class SessionProof {
  private SessionProof() {}

  /**
   * Passes only the session that a command is about.
   *
   * @throws ProblemException 403 {@code not_your_session} if it is another one's
   */
  static SessionView checked(Caller caller, SessionCommand command, SessionView view) {
    boolean same =
        command.tenant().equals(view.tenant())
            && caller.tenant().equals(view.tenant())
            && command.sessionId().equals(view.sessionId());
    if (!same || !isTheirs(caller, command, view)) {
      throw Problems.of(
          403,
          "not_your_session",
          "This session is another one's.",
          "The session that came back is not the one that the command is about.");
    }
    return view;
  }

  /** An agent's sessions run for its own user; another person's need the role admin. */
  private static boolean isTheirs(Caller caller, SessionCommand command, SessionView view) {
    boolean own = view.owner().equals(caller.user());
    if (command.action() != SessionCommand.Action.START) {
      return own || caller.isAdmin();
    }
    boolean asked = command.owner() == null || command.owner().equals(view.owner());
    boolean placed = Objects.equals(command.parentSessionId(), view.parentSessionId());
    boolean below = caller.isPerson() || !view.sessionId().equals(caller.session());
    boolean may = !caller.isPerson() || Roles.mayAnswer(caller.claims().roles());
    return may && asked && placed && below && (own || caller.isAdmin());
  }
}

package dev.countersign.gateway.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Callers;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionView;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Whatever the approval service answers: nobody is signed a token that their own does not give. */
class SessionProofTest {
  private static final SessionView CHILD = stored("s-child", "s-root");

  /** A token that could renew itself would never end. */
  @Test
  void anAgentNeverGetsAFreshTokenForItsOwnSession() {
    refused(agentOf("s-child"), start("s-child", "s-root"), CHILD);
    assertEquals(CHILD, SessionProof.checked(agentOf("s-root"), start("s-child", "s-root"), CHILD));
  }

  @Test
  void aSessionThatIsNotTheOneThatWasStartedIsNobodys() {
    Caller agent = agentOf("s-root");
    refused(agent, start("s-other", "s-root"), CHILD);
    refused(agent, start("s-child", "s-elsewhere"), CHILD);
    refused(agent, start("s-child", null), CHILD);
  }

  private static void refused(Caller caller, SessionCommand command, SessionView view) {
    ProblemException refused =
        assertThrows(ProblemException.class, () -> SessionProof.checked(caller, command, view));
    assertEquals(403, refused.problem().status());
    assertEquals("not_your_session", refused.problem().code());
  }

  private static Caller agentOf(String session) {
    return Callers.agentOf("alice", session);
  }

  private static SessionCommand start(String session, String parent) {
    return new SessionCommand(
        "default", "c", session, SessionCommand.Action.START, null, parent, null, null);
  }

  private static SessionView stored(String session, String parent) {
    return new SessionView(
        "default",
        session,
        "alice",
        parent,
        "default",
        "parent",
        "workspace",
        "ask_on_boundary",
        "background_preferred",
        false,
        null,
        null,
        null,
        1,
        Instant.EPOCH,
        null);
  }
}

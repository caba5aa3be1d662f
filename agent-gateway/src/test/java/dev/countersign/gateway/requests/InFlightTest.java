package dev.countersign.gateway.requests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Callers;
import dev.countersign.gateway.sessions.SessionCommands;
import dev.countersign.protocol.SessionCommand;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class InFlightTest {
  private final InFlight inFlight = new InFlight(2);

  @Test
  void theRequestsOfAUserAreCountedOverAllSessions() {
    CompletableFuture<String> first = new CompletableFuture<>();
    inFlight.count(Callers.agentOf("alice", "s-1"), () -> first);
    inFlight.count(Callers.agentOf("alice", "s-2"), CompletableFuture<String>::new);
    ProblemException refused =
        assertThrows(
            ProblemException.class,
            () -> inFlight.count(Callers.agentOf("alice", "s-3"), CompletableFuture<String>::new));
    assertEquals(429, refused.problem().status());
    assertEquals("1", refused.headers().get("Retry-After"));
    inFlight.count(Callers.agentOf("bob", "s-4"), CompletableFuture<String>::new);
    first.complete("done");
    inFlight.count(Callers.agentOf("alice", "s-3"), CompletableFuture<String>::new);
  }

  @Test
  void sessionCommandsCountLikeRequestsAndAPersonsApartFromTheAgents() {
    SessionCommands commands = new SessionCommands(null, null, null, null, inFlight);
    Caller agent = Callers.agentOf("alice", "s-1");
    SessionCommand start =
        new SessionCommand(null, "c", "s-2", SessionCommand.Action.START, null, "s-1", null, null);
    for (int i = 0; i < 2; i++) {
      inFlight.count(agent, CompletableFuture<String>::new);
    }
    for (Executable send :
        List.<Executable>of(
            () -> commands.send(agent, start), () -> commands.start(agent, start))) {
      assertEquals(429, assertThrows(ProblemException.class, send).problem().status());
    }
    inFlight.count(Callers.person("default", "alice"), CompletableFuture<String>::new);
  }

  @Test
  void whatFailsAtOnceDoesNotCount() {
    for (int i = 0; i < 5; i++) {
      assertThrows(
          IllegalStateException.class,
          () ->
              inFlight.count(
                  Callers.agentOf("alice", "s-1"),
                  () -> {
                    throw new IllegalStateException("no");
                  }));
    }
    inFlight.count(Callers.agentOf("alice", "s-1"), CompletableFuture<String>::new);
  }
}

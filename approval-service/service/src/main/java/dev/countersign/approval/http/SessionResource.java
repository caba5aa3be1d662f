package dev.countersign.approval.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.countersign.approval.policies.PolicyBook;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.requests.FinishedCalls;
import dev.countersign.approval.requests.RunningCall;
import dev.countersign.approval.sessions.SessionReader;
import dev.countersign.approval.sessions.StoredSession;
import dev.countersign.approval.tools.SessionToolViews;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.SessionView;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Sessions, to read. */
@Path("/internal/sessions/{id}")
@Produces(MediaType.APPLICATION_JSON)
public class SessionResource {
  private final Callers callers;
  private final SessionReader sessions;
  private final FinishedCalls finished;
  private final PolicyBook policies;

  public SessionResource(
      Callers callers, SessionReader sessions, FinishedCalls finished, PolicyBook policies) {
    this.callers = callers;
    this.sessions = sessions;
    this.finished = finished;
    this.policies = policies;
  }

  /**
   * A session's effective permissions and what runs in its background.
   *
   * @param running calls of the session and of those below it, the latest first
   */
  record Status(@JsonUnwrapped SessionView session, List<RunningCall> running) {}

  @GET
  public byte[] session(
      @HeaderParam("Authorization") String authorization, @PathParam("id") String id) {
    StoredSession session = session(callers.of(authorization), id);
    return Json.write(new Status(sessions.view(session), finished.running(session.key())));
  }

  @GET
  @Path("/capabilities")
  public byte[] capabilities(
      @HeaderParam("Authorization") String authorization, @PathParam("id") String id) {
    return Json.write(sessions.capabilities(session(callers.of(authorization), id)));
  }

  @GET
  @Path("/tools")
  public byte[] tools(
      @HeaderParam("Authorization") String authorization, @PathParam("id") String id) {
    SessionKey key = session(callers.of(authorization), id).key();
    SessionPolicy policy = policies.load(List.of(key)).get(key);
    return Json.write(SessionToolViews.of(policy));
  }

  private StoredSession session(Caller caller, String id) {
    return sessions
        .find(new SessionKey(caller.tenant(), id))
        .filter(caller::maySee)
        .orElseThrow(
            () -> ProblemException.notFound("unknown_session", "there is no session " + id));
  }
}

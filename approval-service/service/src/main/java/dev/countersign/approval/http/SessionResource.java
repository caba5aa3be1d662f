package dev.countersign.approval.http;

import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.sessions.SessionReader;
import dev.countersign.approval.sessions.StoredSession;
import dev.countersign.protocol.Json;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Sessions, to read. */
@Path("/internal/sessions/{id}")
@Produces(MediaType.APPLICATION_JSON)
public class SessionResource {
  private final Callers callers;
  private final SessionReader sessions;

  public SessionResource(Callers callers, SessionReader sessions) {
    this.callers = callers;
    this.sessions = sessions;
  }

  @GET
  public byte[] session(
      @HeaderParam("Authorization") String authorization, @PathParam("id") String id) {
    return Json.write(sessions.view(session(callers.of(authorization), id)));
  }

  @GET
  @Path("/capabilities")
  public byte[] capabilities(
      @HeaderParam("Authorization") String authorization, @PathParam("id") String id) {
    return Json.write(sessions.capabilities(session(callers.of(authorization), id)));
  }

  private StoredSession session(Caller caller, String id) {
    return sessions
        .find(new SessionKey(caller.tenant(), id))
        .filter(caller::maySee)
        .orElseThrow(
            () -> ProblemException.notFound("unknown_session", "there is no session " + id));
  }
}

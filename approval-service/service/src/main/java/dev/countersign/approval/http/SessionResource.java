package dev.countersign.approval.http;

import dev.countersign.approval.policies.PolicyBook;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.sessions.Capabilities;
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
  private final PolicyBook policies;

  public SessionResource(Callers callers, SessionReader sessions, PolicyBook policies) {
    this.callers = callers;
    this.sessions = sessions;
    this.policies = policies;
  }

  @GET
  public byte[] session(
      @HeaderParam("Authorization") String authorization, @PathParam("id") String id) {
    return Json.write(view(callers.of(authorization), id));
  }

  @GET
  @Path("/capabilities")
  public byte[] capabilities(
      @HeaderParam("Authorization") String authorization, @PathParam("id") String id) {
    return Json.write(Capabilities.of(view(callers.of(authorization), id)));
  }

  @GET
  @Path("/tools")
  public byte[] tools(
      @HeaderParam("Authorization") String authorization, @PathParam("id") String id) {
    SessionKey key = visible(callers.of(authorization), id).key();
    SessionPolicy policy = policies.load(List.of(key)).get(key);
    return Json.write(SessionToolViews.of(policy));
  }

  private SessionView view(Caller caller, String id) {
    return sessions.view(visible(caller, id));
  }

  private StoredSession visible(Caller caller, String id) {
    return sessions
        .find(new SessionKey(caller.tenant(), id))
        .filter(caller::maySee)
        .orElseThrow(
            () -> ProblemException.notFound("unknown_session", "there is no session " + id));
  }
}

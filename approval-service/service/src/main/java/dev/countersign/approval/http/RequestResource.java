package dev.countersign.approval.http;

import dev.countersign.approval.requests.RequestKey;
import dev.countersign.approval.requests.RequestMessages;
import dev.countersign.approval.requests.RequestQueries;
import dev.countersign.approval.requests.StoredRequest;
import dev.countersign.approval.sessions.SessionReader;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;

/** Requests as they are stored. */
@Path("/internal/requests/{id}")
@Produces(MediaType.APPLICATION_JSON)
public class RequestResource {
  private final Callers callers;
  private final RequestQueries requests;
  private final SessionReader sessions;
  private final RequestMessages messages;

  public RequestResource(
      Callers callers, RequestQueries requests, SessionReader sessions, RequestMessages messages) {
    this.callers = callers;
    this.requests = requests;
    this.sessions = sessions;
    this.messages = messages;
  }

  /**
   * A request.
   *
   * @param decision null until it is decided
   */
  record View(
      String sessionId,
      String requestId,
      String state,
      String promptId,
      Instant deadline,
      PermissionReply decision) {}

  @GET
  public byte[] request(
      @HeaderParam("Authorization") String authorization,
      @PathParam("id") String id,
      @QueryParam("sessionId") String sessionId) {
    Caller caller = callers.of(authorization);
    List<StoredRequest> found =
        (sessionId == null
                ? requests.withId(caller.tenant(), id)
                : requests.find(new RequestKey(caller.tenant(), sessionId, id)))
            .stream().filter(request -> visible(caller, request)).toList();
    if (found.isEmpty()) {
      throw ProblemException.notFound("unknown_request", "there is no request " + id);
    }
    if (found.size() > 1) {
      throw new ProblemException(
          409,
          "ambiguous_request",
          "Several sessions have this request",
          "name the session with sessionId");
    }
    return Json.write(view(found.get(0)));
  }

  private boolean visible(Caller caller, StoredRequest request) {
    return sessions.find(request.key().session()).filter(caller::maySee).isPresent();
  }

  private View view(StoredRequest request) {
    return new View(
        request.key().sessionId(),
        request.key().requestId(),
        request.state().word(),
        request.promptId(),
        request.deadline(),
        request.decided() ? messages.decision(request) : null);
  }
}

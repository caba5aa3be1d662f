package dev.countersign.gateway.requests;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.Ids;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.http.Wait;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.gateway.sessions.Modes;
import dev.countersign.protocol.PermissionCancel;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Agents ask here. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Requests")
public class RequestsResource {
  private static final Duration CANCEL_WAIT = Duration.ofSeconds(5);

  private final Identity identity;
  private final Requests requests;
  private final GatewayConfig.Requests config;

  public RequestsResource(Identity identity, Requests requests, GatewayConfig config) {
    this.identity = identity;
    this.requests = requests;
    this.config = config.requests();
  }

  @POST
  @Path("/sessions/{sessionId}/requests")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Ask whether a tool call may run",
      description =
          "Needs the session's own token. With `Prefer: wait=N` (at most 60) the answer comes as"
              + " soon as there is a decision; without it, also as soon as a person is asked."
              + " Asking again with the same id is safe.")
  @APIResponse(
      responseCode = "200",
      description = "Decided",
      content = @Content(schema = @Schema(implementation = PermissionReply.class)))
  @APIResponse(
      responseCode = "202",
      description = "A person is asked, or the wait ran out; read on at Location",
      content = @Content(schema = @Schema(implementation = RequestView.class)))
  @APIResponse(responseCode = "409", description = "The id stands for another tool call")
  @APIResponse(responseCode = "429", description = "Too many requests of this user wait")
  @APIResponse(responseCode = "503", description = "Send it again with the same id")
  public CompletionStage<Response> ask(
      @Context HttpHeaders headers,
      @PathParam("sessionId") String sessionId,
      @HeaderParam("Prefer") String prefer,
      @HeaderParam("Idempotency-Key") String idempotencyKey,
      @RequestBody(
              required = true,
              content = @Content(schema = @Schema(implementation = AskBody.class)))
          byte[] body) {
    Caller agent = own(identity.agent(headers), sessionId);
    AskBody ask = Bodies.read(body, AskBody.class);
    Modes.check("claimedMode", ask.claimedMode());
    String requestId = Ids.chosen("requestId", ask.requestId(), idempotencyKey);
    Optional<Duration> wait = Wait.of(prefer, config.maxWait());
    PermissionRequest request =
        new PermissionRequest(
            agent.tenant(),
            sessionId,
            requestId,
            ask.turnId(),
            ask.toolCall(),
            ask.maxWaitMillis(),
            ask.claimedMode(),
            ask.agentAsks());
    return requests
        .ask(agent, request, wait.orElse(config.defaultWait()), wait.isEmpty())
        .thenApply(status -> DecisionReplies.of(sessionId, requestId, status));
  }

  @GET
  @Path("/requests/{requestId}")
  @Operation(
      summary = "Read a request's decision, or wait for it with `Prefer: wait=N`",
      description = "`sessionId` is needed only where several visible sessions use the same id.")
  @APIResponse(
      responseCode = "200",
      description = "Decided",
      content = @Content(schema = @Schema(implementation = PermissionReply.class)))
  @APIResponse(
      responseCode = "202",
      description = "Not decided yet",
      content = @Content(schema = @Schema(implementation = RequestView.class)))
  @APIResponse(responseCode = "404", description = "No such request is visible")
  public CompletionStage<Response> read(
      @Context HttpHeaders headers,
      @PathParam("requestId") String requestId,
      @QueryParam("sessionId") String sessionId,
      @HeaderParam("Prefer") String prefer) {
    Caller caller = identity.caller(headers);
    Duration wait = Wait.of(prefer, config.maxWait()).orElse(Duration.ZERO);
    return requests
        .follow(caller, sessionId, requestId, wait)
        .thenApply(status -> DecisionReplies.of(sessionId, requestId, status));
  }

  @DELETE
  @Path("/requests/{requestId}")
  @Operation(
      summary = "Withdraw a request",
      description = "Needs the session's own token. Answers with the decision that then stands.")
  @APIResponse(
      responseCode = "200",
      description = "Settled: withdrawn, or decided before",
      content = @Content(schema = @Schema(implementation = PermissionReply.class)))
  @APIResponse(responseCode = "202", description = "Accepted, not settled yet")
  public CompletionStage<Response> cancel(
      @Context HttpHeaders headers,
      @PathParam("requestId") String requestId,
      @QueryParam("sessionId") String sessionId,
      @QueryParam("reason") String reason) {
    Caller agent = identity.agent(headers);
    String session = sessionId == null ? agent.session() : sessionId;
    own(agent, session);
    PermissionCancel cancel = new PermissionCancel(agent.tenant(), session, requestId, reason);
    return requests
        .cancel(agent, cancel, CANCEL_WAIT)
        .thenApply(status -> DecisionReplies.of(session, requestId, status));
  }

  private static Caller own(Caller agent, String sessionId) {
    if (!sessionId.equals(agent.session())) {
      throw Problems.of(
          403,
          "not_your_session",
          "This session is another one's.",
          "The token is for session " + agent.session() + ".");
    }
    return agent;
  }
}

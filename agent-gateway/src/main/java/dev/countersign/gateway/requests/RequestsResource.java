package dev.countersign.gateway.requests;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.Wait;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.protocol.CallFinished;
import dev.countersign.protocol.PermissionCancel;
import dev.countersign.protocol.PermissionReply;
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
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What was asked. */
@Path("/v1/requests")
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

  @GET
  @Path("/{requestId}")
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

  /**
   * How a call ended.
   *
   * @param result {@code succeeded}, {@code failed} or {@code stopped}; may be left out
   */
  public record FinishedBody(CallFinished.Result result) {
    static final FinishedBody EMPTY = new FinishedBody(null);
  }

  @POST
  @Path("/{requestId}/finished")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Report that an allowed call has ended",
      description =
          "Needs the session's own token. Changes no decision; the session's status no longer lists"
              + " the call under `running`. Reporting again is safe.")
  @APIResponse(responseCode = "202", description = "Taken")
  @APIResponse(responseCode = "404", description = "No such request is visible")
  @APIResponse(responseCode = "409", description = "The call was not allowed")
  public CompletionStage<Response> finished(
      @Context HttpHeaders headers,
      @PathParam("requestId") String requestId,
      @QueryParam("sessionId") String sessionId,
      @RequestBody(content = @Content(schema = @Schema(implementation = FinishedBody.class)))
          byte[] body) {
    Caller agent = identity.agent(headers);
    String session = sessionId == null ? agent.session() : sessionId;
    agent.mustOwn(session);
    FinishedBody finished =
        body == null || body.length == 0
            ? FinishedBody.EMPTY
            : Bodies.read(body, FinishedBody.class);
    return requests
        .finished(agent, new CallFinished(agent.tenant(), session, requestId, finished.result()))
        .thenApply(taken -> Response.accepted().header("Cache-Control", "no-store").build());
  }

  @DELETE
  @Path("/{requestId}")
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
    agent.mustOwn(session);
    PermissionCancel cancel = new PermissionCancel(agent.tenant(), session, requestId, reason);
    return requests
        .cancel(agent, cancel, CANCEL_WAIT)
        .thenApply(status -> DecisionReplies.of(session, requestId, status));
  }
}

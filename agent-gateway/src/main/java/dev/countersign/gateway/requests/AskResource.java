package dev.countersign.gateway.requests;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.bodies.HeldBody;
import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.Ids;
import dev.countersign.gateway.http.Wait;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.gateway.sessions.Modes;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Agents ask here. */
@Path("/v1/sessions/{sessionId}/requests")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Requests")
public class AskResource {
  private final Identity identity;
  private final Requests requests;
  private final GatewayConfig.Requests config;

  public AskResource(Identity identity, Requests requests, GatewayConfig config) {
    this.identity = identity;
    this.requests = requests;
    this.config = config.requests();
  }

  @POST
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
      @Context RoutingContext http,
      @PathParam("sessionId") String sessionId,
      @HeaderParam("Prefer") String prefer,
      @HeaderParam("Idempotency-Key") String idempotencyKey,
      @RequestBodySchema(AskBody.class) InputStream body) {
    Caller agent = identity.agent(headers);
    agent.mustOwn(sessionId);
    AskBody ask = Bodies.read(Bodies.whole(body), AskBody.class);
    Modes.checkClaimed(ask.claimedMode());
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
        .ask(
            agent, request, wait.orElse(config.defaultWait()), wait.isEmpty(), HeldBody.letGo(http))
        .thenApply(status -> DecisionReplies.of(sessionId, requestId, status));
  }
}

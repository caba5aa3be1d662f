package dev.countersign.gateway.sessions;

import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.Ids;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.http.Replies;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.UpstreamReply;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.gateway.identity.SessionToken;
import dev.countersign.protocol.Identifiers;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.SessionView;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Sessions: one agent run on behalf of one user. */
@Path("/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Sessions")
public class SessionsResource {
  private static final byte[] EMPTY = {'{', '}'};

  private final Identity identity;
  private final SessionCommands commands;
  private final Upstream upstream;

  public SessionsResource(Identity identity, SessionCommands commands, Upstream upstream) {
    this.identity = identity;
    this.commands = commands;
    this.upstream = upstream;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Start a session",
      description =
          "A person starts a root session; a session token opens children below its session. The"
              + " answer holds the effective permissions, what was lowered or removed (`warnings`),"
              + " the engine's final argument list and the session's token. Starting a session that"
              + " exists with the same owner and parent answers with it as it is and a fresh token.")
  @APIResponse(
      responseCode = "201",
      description = "Started",
      content = @Content(schema = @Schema(implementation = StartedSession.class)))
  @APIResponse(responseCode = "400", description = "A setting is not valid; `errors` names it")
  @APIResponse(
      responseCode = "403",
      description = "`not_entitled`; also where an agent names another `client` than its own")
  @APIResponse(
      responseCode = "409",
      description =
          "`session_exists`: the id is taken by another session; `command_id_reused`: the key was used"
              + " for another command; `too_many_sessions`: as many are open below its parent or"
              + " root as may be")
  public CompletionStage<Response> start(
      @Context HttpHeaders headers,
      @HeaderParam("Idempotency-Key") String idempotencyKey,
      @RequestBodySchema(StartBody.class) byte[] body) {
    Caller caller = identity.caller(headers);
    byte[] given = body == null || body.length == 0 ? EMPTY : body;
    StartBody start = Bodies.read(given, StartBody.class);
    SessionSettings settings = SettingsBody.beside(StartBody.class, given);
    String client = client(caller, start.client());
    String parent = start.parentSessionId() == null ? caller.session() : start.parentSessionId();
    SessionCommand command =
        new SessionCommand(
            caller.tenant(),
            Ids.chosen("commandId", null, idempotencyKey),
            sessionId(caller, start.sessionId(), idempotencyKey),
            SessionCommand.Action.START,
            start.owner(),
            parent,
            settings,
            start.reason());
    return commands
        .start(caller, command)
        .thenApply(
            view -> {
              SessionToken token =
                  identity.sessionToken(
                      caller.tenant(), view.sessionId(), view.owner(), client, Instant.now());
              return Replies.json(
                  201,
                  new StartedSession(view, token.token(), token.expiresAt()),
                  URI.create("/v1/sessions/" + Upstream.encode(view.sessionId())));
            });
  }

  /** Whose reply topic a token may name. An agent's child answers where the agent itself does. */
  private static String client(Caller caller, String wanted) {
    if (wanted == null) {
      return caller.client();
    }
    if (!Identifiers.isClient(wanted)) {
      throw Problems.invalid(
          "invalid_setting",
          "client",
          "client must match " + Identifiers.CLIENT_PATTERN + ", as it names a topic");
    }
    if (!caller.isPerson() && !wanted.equals(caller.client())) {
      throw Problems.notEntitled(
          "client",
          "An agent's child has the client of the agent's token, "
              + caller.client()
              + "; leave client out.");
    }
    return wanted;
  }

  /** A start that is sent again under its key, without a session id, means the same session. */
  private String sessionId(Caller caller, String chosen, String idempotencyKey) {
    if (chosen != null) {
      return chosen;
    }
    return "s-"
        + (idempotencyKey == null
            ? UUID.randomUUID().toString()
            : identity.derivedId(caller, "session", idempotencyKey));
  }

  @GET
  @Path("/{sessionId}")
  @Operation(
      summary = "Read a session's effective permissions, in one place",
      description = "`running` lists the calls that run in the background of it and below it.")
  @APIResponse(
      responseCode = "200",
      description = "The session",
      content = @Content(schema = @Schema(implementation = SessionStatus.class)))
  @APIResponse(responseCode = "404", description = "No such session is visible")
  public CompletionStage<Response> read(
      @Context HttpHeaders headers, @PathParam("sessionId") String sessionId) {
    return upstream
        .get(
            Upstream.Service.APPROVAL,
            "/internal/sessions/" + Upstream.encode(sessionId),
            identity.caller(headers))
        .thenApply(UpstreamReply::passOn);
  }

  @GET
  @Path("/{sessionId}/capabilities")
  @Operation(summary = "Read compact facts of what the session may, for a model's prompt")
  @APIResponse(responseCode = "200", description = "The facts")
  public CompletionStage<Response> capabilities(
      @Context HttpHeaders headers, @PathParam("sessionId") String sessionId) {
    String path = "/internal/sessions/" + Upstream.encode(sessionId) + "/capabilities";
    return upstream
        .get(Upstream.Service.APPROVAL, path, identity.caller(headers))
        .thenApply(UpstreamReply::passOn);
  }

  @PATCH
  @Path("/{sessionId}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Set mode, profile, policies or rules",
      description =
          "What is left out stays; `null` is refused. Widening needs authority; else 403"
              + " `not_entitled`.")
  @APIResponse(
      responseCode = "200",
      description = "The session as it then stands",
      content = @Content(schema = @Schema(implementation = SessionView.class)))
  public CompletionStage<Response> set(
      @Context HttpHeaders headers,
      @PathParam("sessionId") String sessionId,
      @HeaderParam("Idempotency-Key") String idempotencyKey,
      @RequestBodySchema(SessionSettings.class) byte[] body) {
    Caller caller = identity.caller(headers);
    SessionSettings settings = SettingsBody.read(Bodies.checked(body));
    SessionCommand command =
        new SessionCommand(
            caller.tenant(),
            Ids.chosen("commandId", null, idempotencyKey),
            sessionId,
            SessionCommand.Action.SET,
            null,
            null,
            settings,
            null);
    return commands.send(caller, command).thenApply(view -> Replies.json(200, view));
  }

  @DELETE
  @Path("/{sessionId}")
  @Operation(summary = "Close a session", description = "Its open prompts end as cancelled.")
  @APIResponse(
      responseCode = "200",
      description = "The closed session",
      content = @Content(schema = @Schema(implementation = SessionView.class)))
  public CompletionStage<Response> close(
      @Context HttpHeaders headers,
      @PathParam("sessionId") String sessionId,
      @QueryParam("reason") String reason,
      @HeaderParam("Idempotency-Key") String idempotencyKey) {
    Caller caller = identity.caller(headers);
    String commandId = Ids.chosen("commandId", null, idempotencyKey);
    return commands
        .send(caller, closing(caller, commandId, sessionId, reason))
        .thenApply(view -> Replies.json(200, view));
  }

  static SessionCommand closing(Caller caller, String commandId, String sessionId, String reason) {
    return new SessionCommand(
        caller.tenant(),
        commandId,
        sessionId,
        SessionCommand.Action.CLOSE,
        null,
        null,
        null,
        reason);
  }
}

package dev.countersign.gateway.hooks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.bodies.HeldBody;
import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.Wait;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.protocol.Json;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Claude Code's hooks. */
@Path("/v1/hooks")
@Tag(name = "Adapters")
public class ClaudeCodeResource {
  /** How long a hook waits that names no time: less than its shortest known limit, 60 s. */
  private static final Duration DEFAULT_WAIT = Duration.ofSeconds(50);

  private static final String SCRIPT = "/hooks/claude-code.sh";

  private final Identity identity;
  private final ClaudeCode claudeCode;
  private final GatewayConfig.Hooks config;
  private final String script = read();

  public ClaudeCodeResource(Identity identity, ClaudeCode claudeCode, GatewayConfig config) {
    this.identity = identity;
    this.claudeCode = claudeCode;
    this.config = config.hooks();
  }

  @POST
  @Path("/claude-code")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
  @Operation(
      summary = "Answer a hook of Claude Code",
      description =
          "Takes the hook's own JSON and answers in the hook's own form. PreToolUse is decided:"
              + " allow or deny, within `Prefer: wait=N`. SessionStart gets facts for the model, and"
              + " so does UserPromptSubmit when they have changed. PostToolUse, PostToolUseFailure"
              + " and Stop tell which calls have ended. SessionEnd ends the run: its open prompts are"
              + " withdrawn, and the session stays for `--continue` and `--resume`. Any other input"
              + " is denied if it names a tool or no event, else it gets `{}`. With `Accept:"
              + " text/plain` the JSON stands on one line between two marker lines, so that a shell"
              + " can tell a whole answer from a broken one.")
  @APIResponse(responseCode = "200", description = "The hook's answer")
  @APIResponse(responseCode = "401", description = "The tool must not run")
  public CompletionStage<Response> answer(
      @Context HttpHeaders headers,
      @Context RoutingContext http,
      @HeaderParam("Prefer") String prefer,
      @HeaderParam("Countersign-Home") String home,
      @HeaderParam("Countersign-Project-Dir") String projectDir,
      @RequestBodySchema(ClaudeCodeEvent.class) InputStream body) {
    Caller agent = identity.agent(headers);
    HookInput input = HookInput.read(Bodies.whole(body));
    CompletableFuture<Void> gone = new CompletableFuture<>();
    http.addEndHandler(
        ended -> {
          if (ended.failed()) {
            gone.complete(null);
          }
        });
    Duration wait = Wait.of(prefer, config.maxWait()).orElse(DEFAULT_WAIT);
    boolean lines = headers.getAcceptableMediaTypes().contains(MediaType.TEXT_PLAIN_TYPE);
    return claudeCode
        .answer(input, new HookCall(agent, wait, home, projectDir, HeldBody.letGo(http), gone))
        .thenApply(answer -> response(answer, lines));
  }

  @GET
  @Path("/claude-code.sh")
  @Produces("text/x-shellscript")
  @Operation(
      summary = "Fetch the hook command for Claude Code's settings",
      description = "POSIX sh and curl. Fails closed. Needs no token.")
  public Response script() {
    return Response.ok(script, "text/x-shellscript; charset=UTF-8")
        .header("X-Content-Type-Options", "nosniff")
        .build();
  }

  private static Response response(ObjectNode answer, boolean lines) {
    String json = new String(Json.write(answer), StandardCharsets.UTF_8);
    return Response.ok(
            lines ? "countersign-hook 1\n" + json + "\nend countersign-hook" : json,
            lines ? "text/plain; charset=UTF-8" : MediaType.APPLICATION_JSON)
        .header("Cache-Control", "no-store")
        .build();
  }

  private static String read() {
    try (InputStream in = ClaudeCodeResource.class.getResourceAsStream(SCRIPT)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

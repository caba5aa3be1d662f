package dev.countersign.gateway.tools;

import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.UpstreamReply;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.protocol.SessionTools;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The tools that fit a session. */
@Path("/v1/sessions/{sessionId}/tools")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Tools")
public class SessionToolsResource {
  private final Identity identity;
  private final Upstream upstream;

  public SessionToolsResource(Identity identity, Upstream upstream) {
    this.identity = identity;
    this.upstream = upstream;
  }

  @GET
  @Operation(
      summary = "List the tools that the session's model should be offered",
      description =
          "Left out is what would be denied whatever its input. `runs` is `at_once`, `asks` (at"
              + " best after a person was asked) or `depends` (on its input).")
  @APIResponse(
      responseCode = "200",
      description = "The tools",
      content = @Content(schema = @Schema(implementation = SessionTools.class)))
  @APIResponse(responseCode = "404", description = "No such session is visible")
  public CompletionStage<Response> offered(
      @Context HttpHeaders headers, @PathParam("sessionId") String sessionId) {
    String path = "/internal/sessions/" + Upstream.encode(sessionId) + "/tools";
    return upstream
        .get(Upstream.Service.APPROVAL, path, identity.caller(headers))
        .thenApply(UpstreamReply::passOn);
  }
}

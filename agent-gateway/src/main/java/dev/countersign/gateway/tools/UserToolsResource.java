package dev.countersign.gateway.tools;

import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.UpstreamReply;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.protocol.UserTools;
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

/** The tool catalogue beside what a user settled. */
@Path("/v1/users/{user}/tools")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Tools")
public class UserToolsResource {
  private final Identity identity;
  private final Upstream upstream;

  public UserToolsResource(Identity identity, Upstream upstream) {
    this.identity = identity;
    this.upstream = upstream;
  }

  @GET
  @Operation(
      summary = "List the tools with what the user settled for each",
      description =
          "`source` says where a level comes from: `override`, `default`, or `mode` if nothing is"
              + " settled. `others` are tools the user settled and the catalogue does not know."
              + " ETag is the version of the user's document.")
  @APIResponse(
      responseCode = "200",
      description = "The tools",
      content = @Content(schema = @Schema(implementation = UserTools.class)))
  @APIResponse(responseCode = "403", description = "Only the user or an admin may; no agent may")
  public CompletionStage<Response> settled(
      @Context HttpHeaders headers, @PathParam("user") String user) {
    String path = "/internal/users/" + Upstream.encode(user) + "/tools";
    return upstream
        .get(Upstream.Service.STORE, path, identity.caller(headers))
        .thenApply(UpstreamReply::passOn);
  }
}

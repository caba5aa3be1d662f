package dev.countersign.gateway.tools;

import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.UpstreamReply;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.protocol.ToolListing;
import dev.countersign.protocol.ToolView;
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

/** The tool catalogue. */
@Path("/v1/tools")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Tools")
public class ToolsResource {
  private final Identity identity;
  private final Upstream upstream;

  public ToolsResource(Identity identity, Upstream upstream) {
    this.identity = identity;
    this.upstream = upstream;
  }

  @GET
  @Operation(
      summary = "List the tool catalogue",
      description =
          "Groups with their visible tools in `subTools`. Hidden tools are left out, and so is a"
              + " group with nothing visible left.")
  @APIResponse(
      responseCode = "200",
      description = "The catalogue",
      content = @Content(schema = @Schema(implementation = ToolListing.class)))
  public CompletionStage<Response> all(@Context HttpHeaders headers) {
    return upstream
        .get(Upstream.Service.APPROVAL, "/internal/tools", identity.caller(headers))
        .thenApply(UpstreamReply::passOn);
  }

  @GET
  @Path("/{name:.+}")
  @Operation(
      summary = "Read a tool or a group by its exact name",
      description = "Finds hidden ones, too; a group comes with all its members.")
  @APIResponse(
      responseCode = "200",
      description = "The tool or group",
      content = @Content(schema = @Schema(implementation = ToolView.class)))
  @APIResponse(
      responseCode = "404",
      description = "`unknown_tool`: such a tool is of kind `other`, and a call of it asks")
  public CompletionStage<Response> one(
      @Context HttpHeaders headers, @PathParam("name") String name) {
    return upstream
        .get(
            Upstream.Service.APPROVAL,
            "/internal/tools/" + Upstream.encode(name),
            identity.caller(headers))
        .thenApply(UpstreamReply::passOn);
  }
}

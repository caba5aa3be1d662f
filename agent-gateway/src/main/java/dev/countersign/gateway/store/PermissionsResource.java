package dev.countersign.gateway.store;

import dev.countersign.gateway.bodies.HeldBody;
import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.Upstream.Service;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.gateway.requests.DocumentEdits;
import dev.countersign.gateway.requests.RequestView;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a user settled: the permission store behind the gateway's door. */
@Path("/v1/users/{user}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Permissions")
public class PermissionsResource {
  private final StoreDoor door;
  private final Identity identity;
  private final DocumentEdits edits;

  public PermissionsResource(StoreDoor door, Identity identity, DocumentEdits edits) {
    this.door = door;
    this.identity = identity;
    this.edits = edits;
  }

  @GET
  @Path("/permissions")
  @Operation(
      summary = "Read a user's whole document",
      description = "ETag is its version. An agent may read that of the user it runs for.")
  public CompletionStage<Response> read(
      @Context HttpHeaders headers, @PathParam("user") String user) {
    return door.read(Service.STORE, documentOf(user), headers);
  }

  @PUT
  @Path("/permissions")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Replace a user's whole document",
      description = "Needs If-Match. For an agent the same as an edit.")
  @APIResponse(responseCode = "200", description = "Stored; ETag is the new version")
  @APIResponse(
      responseCode = "202",
      description = "An agent's edit loosens something and a person is asked; read on at Location",
      content = @Content(schema = @Schema(implementation = RequestView.class)))
  @APIResponse(
      responseCode = "403",
      description = "not_entitled: it loosens something, which takes the role approver or admin")
  public CompletionStage<Response> write(
      @Context HttpHeaders headers,
      @Context RoutingContext http,
      @PathParam("user") String user,
      @RequestBodySchema(Object.class) InputStream body) {
    Caller caller = identity.caller(headers);
    byte[] bytes = Bodies.whole(body);
    if (!caller.isPerson()) {
      return edits.write(headers, caller, user, bytes, HeldBody.letGo(http));
    }
    return door.settle("PUT", documentOf(user), user, headers, bytes);
  }

  @PATCH
  @Path("/permissions")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Edit a user's document",
      description =
          "Replaces a text that stands there exactly once. An agent's edit of the document of the"
              + " user it runs for is stored at once if it only tightens; if it loosens anything a"
              + " person is asked, with the difference. `Prefer: wait=N` waits for them.")
  @APIResponse(responseCode = "200", description = "Stored; ETag is the new version")
  @APIResponse(
      responseCode = "202",
      description = "An agent's edit loosens something and a person is asked; read on at Location",
      content = @Content(schema = @Schema(implementation = RequestView.class)))
  @APIResponse(
      responseCode = "403",
      description =
          "The edit was not allowed; the reason says why. not_entitled: it loosens something, which"
              + " takes the role approver or admin")
  @APIResponse(responseCode = "409", description = "text_not_found or ambiguous")
  @APIResponse(responseCode = "412", description = "The document is at another version: ETag")
  @APIResponse(responseCode = "422", description = "The document would not be valid")
  public CompletionStage<Response> edit(
      @Context HttpHeaders headers,
      @Context RoutingContext http,
      @PathParam("user") String user,
      @RequestBodySchema(DocumentEdits.Edit.class) InputStream body) {
    Caller caller = identity.caller(headers);
    byte[] bytes = Bodies.whole(body);
    if (!caller.isPerson()) {
      return edits.edit(headers, caller, user, bytes, HeldBody.letGo(http));
    }
    return door.settle("PATCH", documentOf(user), user, headers, bytes);
  }

  @DELETE
  @Path("/permissions")
  @Operation(
      summary = "Erase a user's document",
      description =
          "Also what its history says and the user's grants. Versions go on, and everybody who"
              + " reads documents hears of it.")
  public CompletionStage<Response> erase(
      @Context HttpHeaders headers, @PathParam("user") String user) {
    return door.settle("DELETE", documentOf(user), user, headers, null);
  }

  @POST
  @Path("/permissions/restore")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Make a user's document again what it was at a version",
      description = "The version still goes up; what has ended since stays out.")
  @APIResponse(responseCode = "200", description = "Stored; ETag is the new version")
  @APIResponse(
      responseCode = "403",
      description = "not_entitled: it loosens something, which takes the role approver or admin")
  public CompletionStage<Response> restore(
      @Context HttpHeaders headers,
      @PathParam("user") String user,
      @RequestBodySchema(Restored.class) byte[] body) {
    return door.settle("POST", documentOf(user) + "/restore", user, headers, body);
  }

  /** Which version to go back to. */
  public record Restored(long version) {}

  private static String documentOf(String user) {
    return "/internal/users/" + Upstream.encode(user) + "/permissions";
  }
}

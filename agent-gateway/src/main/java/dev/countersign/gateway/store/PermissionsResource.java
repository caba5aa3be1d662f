package dev.countersign.gateway.store;

import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.Upstream.Service;
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
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a user settled: the permission store behind the gateway's door. */
@Path("/v1/users/{user}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Permissions")
public class PermissionsResource {
  private final StoreDoor door;

  public PermissionsResource(StoreDoor door) {
    this.door = door;
  }

  @GET
  @Path("/permissions")
  @Operation(summary = "Read a user's whole document", description = "ETag is its version.")
  public CompletionStage<Response> read(
      @Context HttpHeaders headers, @PathParam("user") String user) {
    return door.read(Service.STORE, documentOf(user), headers);
  }

  @PUT
  @Path("/permissions")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Replace a user's whole document", description = "Needs If-Match.")
  public CompletionStage<Response> write(
      @Context HttpHeaders headers,
      @PathParam("user") String user,
      @RequestBodySchema(Object.class) byte[] body) {
    return door.settle("PUT", documentOf(user), user, headers, body);
  }

  @PATCH
  @Path("/permissions")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Edit a user's document", description = "Old text to new text.")
  public CompletionStage<Response> edit(
      @Context HttpHeaders headers,
      @PathParam("user") String user,
      @RequestBodySchema(Object.class) byte[] body) {
    return door.settle("PATCH", documentOf(user), user, headers, body);
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

package dev.countersign.gateway.store;

import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.requests.DocumentEdits;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
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
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * A user's documents by name, for those who think of them as files. There is one, {@code
 * PERMISSIONS.json}; the case of its name does not matter.
 */
@Path("/v1/users/{user}/documents/{name}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Permissions")
public class DocumentsResource {
  private static final String NAME = "PERMISSIONS.json";

  private final PermissionsResource permissions;

  public DocumentsResource(PermissionsResource permissions) {
    this.permissions = permissions;
  }

  @GET
  @Operation(summary = "Read a document by its name", description = "ETag is its version.")
  public CompletionStage<Response> read(
      @Context HttpHeaders headers,
      @PathParam("user") String user,
      @PathParam("name") String name) {
    check(name);
    return permissions.read(headers, user);
  }

  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Replace a document by its name", description = "Needs If-Match.")
  @APIResponse(responseCode = "200", description = "Stored")
  @APIResponse(responseCode = "412", description = "The document is at another version: ETag")
  @APIResponse(responseCode = "428", description = "If-Match is missing")
  public CompletionStage<Response> write(
      @Context HttpHeaders headers,
      @Context RoutingContext http,
      @PathParam("user") String user,
      @PathParam("name") String name,
      @RequestBodySchema(Object.class) InputStream body) {
    check(name);
    return permissions.write(headers, http, user, body);
  }

  @PATCH
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Edit a document by its name", description = "Old text to new text.")
  public CompletionStage<Response> edit(
      @Context HttpHeaders headers,
      @Context RoutingContext http,
      @PathParam("user") String user,
      @PathParam("name") String name,
      @RequestBodySchema(DocumentEdits.Edit.class) InputStream body) {
    check(name);
    return permissions.edit(headers, http, user, body);
  }

  private static void check(String name) {
    if (!NAME.equalsIgnoreCase(name)) {
      throw Problems.of(
          404,
          "unknown_document",
          "There is no such document.",
          "A user has one document: " + NAME + ".");
    }
  }
}

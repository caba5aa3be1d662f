package dev.countersign.gateway.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.UpstreamReply;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.gateway.requests.DocumentEdits;
import dev.countersign.gateway.requests.RequestView;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private static final List<String> CONDITIONS = List.of("If-Match", "If-None-Match");

  private final Identity identity;
  private final Upstream upstream;
  private final DocumentEdits edits;

  public PermissionsResource(Identity identity, Upstream upstream, DocumentEdits edits) {
    this.identity = identity;
    this.upstream = upstream;
    this.edits = edits;
  }

  @GET
  @Path("/permissions")
  @Operation(
      summary = "Read a user's whole document",
      description = "ETag is its version. An agent may read that of the user it runs for.")
  public CompletionStage<Response> read(
      @Context HttpHeaders headers, @PathParam("user") String user) {
    return forward("GET", documentOf(user), headers, null);
  }

  @PUT
  @Path("/permissions")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Replace a user's whole document",
      description = "Needs If-Match. For an agent the same as an edit.")
  public CompletionStage<Response> write(
      @Context HttpHeaders headers,
      @PathParam("user") String user,
      @RequestBodySchema(Object.class) byte[] body) {
    Caller caller = identity.caller(headers);
    if (!caller.isPerson()) {
      return edits.write(headers, caller, user, body);
    }
    return forward("PUT", documentOf(user), headers, body);
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
  @APIResponse(responseCode = "403", description = "The edit was not allowed; the reason says why")
  @APIResponse(responseCode = "409", description = "text_not_found or ambiguous")
  @APIResponse(responseCode = "412", description = "The document is at another version: ETag")
  @APIResponse(responseCode = "422", description = "The document would not be valid")
  public CompletionStage<Response> edit(
      @Context HttpHeaders headers,
      @PathParam("user") String user,
      @RequestBodySchema(DocumentEdits.Edit.class) byte[] body) {
    Caller caller = identity.caller(headers);
    if (!caller.isPerson()) {
      return edits.edit(headers, caller, user, body);
    }
    return forward("PATCH", documentOf(user), headers, body);
  }

  @GET
  @Path("/overrides/{tool}{resource:(/.*)?}")
  @Operation(summary = "Read what is settled for a tool, or for one resource of it")
  public CompletionStage<Response> override(
      @Context HttpHeaders headers,
      @PathParam("user") String user,
      @PathParam("tool") String tool,
      @PathParam("resource") String resource,
      @QueryParam("resource") String named) {
    return forward("GET", overrideOf(user, tool, resource, named), headers, null);
  }

  @PUT
  @Path("/overrides/{tool}{resource:(/.*)?}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Settle a tool, or one resource of it: always, ask or never")
  public CompletionStage<Response> settle(
      @Context HttpHeaders headers,
      @PathParam("user") String user,
      @PathParam("tool") String tool,
      @PathParam("resource") String resource,
      @QueryParam("resource") String named,
      @RequestBodySchema(Settlement.class) byte[] body) {
    return forward("PUT", overrideOf(user, tool, resource, named), headers, body);
  }

  @DELETE
  @Path("/overrides/{tool}{resource:(/.*)?}")
  @Operation(summary = "Forget what is settled for a tool, or for one resource of it")
  public CompletionStage<Response> forget(
      @Context HttpHeaders headers,
      @PathParam("user") String user,
      @PathParam("tool") String tool,
      @PathParam("resource") String resource,
      @QueryParam("resource") String named) {
    return forward("DELETE", overrideOf(user, tool, resource, named), headers, null);
  }

  /** What a person settles. */
  public record Settlement(String level, boolean keepNarrower) {}

  private CompletionStage<Response> forward(
      String method, String path, HttpHeaders headers, byte[] body) {
    Caller caller = identity.caller(headers);
    if (body != null) {
      Bodies.read(body, JsonNode.class);
    }
    Map<String, String> conditions = new HashMap<>();
    for (String name : CONDITIONS) {
      String value = headers.getHeaderString(name);
      if (value != null) {
        conditions.put(name, value);
      }
    }
    return upstream
        .send(Upstream.Service.STORE, method, path, caller, body, conditions)
        .thenApply(UpstreamReply::passOn);
  }

  private static String documentOf(String user) {
    return "/internal/users/" + Upstream.encode(user) + "/permissions";
  }

  private static String overrideOf(String user, String tool, String inPath, String named) {
    String resource = inPath == null || inPath.length() < 2 ? named : inPath.substring(1);
    return "/internal/users/"
        + Upstream.encode(user)
        + "/overrides/"
        + Upstream.encode(tool)
        + (resource == null ? "" : "?resource=" + Upstream.encode(resource));
  }
}

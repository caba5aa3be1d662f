package dev.countersign.gateway.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.Upstream.Service;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * What a user settled, tool by tool. The resource stands behind the tool in the address, or in the
 * query parameter {@code resource}; without one the whole tool is meant.
 */
@Path("/v1/users/{user}/overrides")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Permissions")
public class OverridesResource {
  private static final String ONE = "/{tool}{resource:(/.*)?}";
  private static final List<String> SCOPES = List.of("uses", "session", "turn");

  private final StoreDoor door;

  public OverridesResource(StoreDoor door) {
    this.door = door;
  }

  @GET
  @Operation(summary = "List what a user settled, tool by tool")
  public CompletionStage<Response> list(
      @Context HttpHeaders headers, @PathParam("user") String user) {
    String path = "/internal/users/" + Upstream.encode(user) + "/overrides";
    return door.read(Service.STORE, path, headers);
  }

  @GET
  @Path(ONE)
  @Operation(
      summary = "Read what is settled for a tool, or for one resource of it",
      description =
          "With effective=true: the level that the user's whole document comes to for it, by the"
              + " code that decides calls, and where it comes from: override_exact,"
              + " override_pattern, override_tool, rule, catalogue, or mode where nothing is"
              + " settled. Rules of administrators, projects and sessions come on top. cwd and home"
              + " say what relative paths and ~ stand for.")
  public CompletionStage<Response> override(
      @Context HttpHeaders headers,
      @Context HttpServerRequest request,
      @Context UriInfo uri,
      @QueryParam("effective") boolean effective,
      @QueryParam("cwd") String cwd,
      @QueryParam("home") String home) {
    OverridePath path = named(request, uri);
    StringBuilder query = new StringBuilder(path.inStore());
    if (effective) {
      query.append(path.resource() == null ? '?' : '&').append("effective=true");
      query.append(cwd == null ? "" : "&cwd=" + Upstream.encode(cwd));
      query.append(home == null ? "" : "&home=" + Upstream.encode(home));
    }
    return door.read(Service.STORE, query.toString(), headers);
  }

  @PUT
  @Path(ONE)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Settle a tool, or one resource of it: always, ask or never",
      description =
          "With until it ends by itself. A broader never clears narrower always entries unless"
              + " keepNarrower is true; cleared and kept name them. With uses, session or turn"
              + " (level always only) it becomes a grant instead, in force at once: it settles"
              + " asks of the user and the session, lifts no deny and no ask of a project or an"
              + " administrator, and is listed under grants.")
  @APIResponse(responseCode = "200", description = "Stored, and decided by from now on.")
  @APIResponse(
      responseCode = "202",
      description = "Stored; the approval service decides by it within moments.")
  @APIResponse(
      responseCode = "403",
      description = "not_entitled: it loosens something, which takes the role approver or admin")
  public CompletionStage<Response> settle(
      @Context HttpHeaders headers,
      @Context HttpServerRequest request,
      @Context UriInfo uri,
      @RequestBodySchema(Settlement.class) byte[] body) {
    OverridePath path = named(request, uri);
    JsonNode settlement = Bodies.read(body, JsonNode.class);
    return SCOPES.stream().anyMatch(settlement::hasNonNull)
        ? door.write(Service.APPROVAL, "PUT", path.ofGrants(), headers, body)
        : door.settle("PUT", path.inStore(), path.user(), headers, body);
  }

  @DELETE
  @Path(ONE)
  @Operation(
      summary = "Forget what is settled for a tool, or for one resource of it",
      description = "Grants stay; they are ended one by one under grants.")
  @APIResponse(responseCode = "200", description = "Forgotten, and decided by from now on.")
  @APIResponse(
      responseCode = "202",
      description = "Forgotten; the approval service decides by it within moments.")
  @APIResponse(
      responseCode = "403",
      description = "not_entitled: it loosens something, which takes the role approver or admin")
  public CompletionStage<Response> forget(
      @Context HttpHeaders headers, @Context HttpServerRequest request, @Context UriInfo uri) {
    OverridePath path = named(request, uri);
    return door.settle("DELETE", path.inStore(), path.user(), headers, null);
  }

  private static OverridePath named(HttpServerRequest request, UriInfo uri) {
    List<String> queried = uri.getQueryParameters().getOrDefault("resource", List.of());
    return OverridePath.of(request.path(), queried);
  }

  /**
   * What a person settles.
   *
   * @param level always, ask or never
   * @param keepNarrower with a broader never: keep narrower always entries
   * @param until RFC 3339 instant after which it no longer counts
   * @param uses how often it may be used
   * @param session in which session only
   * @param turn in which turn of that session only
   */
  public record Settlement(
      String level,
      boolean keepNarrower,
      String until,
      Integer uses,
      String session,
      String turn) {}
}

package dev.countersign.gateway.profiles;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.UpstreamReply;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
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
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Custom profiles, for persons. */
@Path("/v1/profiles")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Profiles")
public class ProfilesResource {
  private static final List<String> CONDITIONS = List.of("If-Match", "If-None-Match");

  private final Identity identity;
  private final Upstream upstream;

  public ProfilesResource(Identity identity, Upstream upstream) {
    this.identity = identity;
    this.upstream = upstream;
  }

  @GET
  @Operation(
      summary = "List the custom profiles one may see",
      description = "One's own and the shared ones; an admin sees all.")
  @APIResponse(responseCode = "200", description = "`{\"profiles\":[…]}`")
  public CompletionStage<Response> list(@Context HttpHeaders headers) {
    return forward("GET", "", headers, null);
  }

  @GET
  @Path("/{name}")
  @Operation(summary = "Read a custom profile", description = "ETag is its version.")
  @APIResponse(responseCode = "404", description = "No such profile is visible")
  public CompletionStage<Response> read(
      @Context HttpHeaders headers, @PathParam("name") String name) {
    return forward("GET", "/" + Upstream.encode(name), headers, null);
  }

  @PUT
  @Path("/{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Create or replace a custom profile",
      description =
          "The first writer owns it; only the owner or an admin changes it, a shared one only an"
              + " admin. `base` full_access and external_sandbox need the role bypass. Replacing"
              + " needs If-Match. Sessions that use it are judged by it from then on.")
  @APIResponse(responseCode = "200", description = "Replaced")
  @APIResponse(responseCode = "201", description = "Created")
  @APIResponse(responseCode = "400", description = "`invalid_profile`; `errors` names every fault")
  @APIResponse(responseCode = "403", description = "`not_yours` or `not_entitled`")
  @APIResponse(responseCode = "412", description = "It is at another version than If-Match names")
  @APIResponse(responseCode = "428", description = "If-Match is missing")
  public CompletionStage<Response> write(
      @Context HttpHeaders headers,
      @PathParam("name") String name,
      @RequestBody(
              required = true,
              content = @Content(schema = @Schema(implementation = CustomProfile.class)))
          byte[] body) {
    identity.person(headers);
    Bodies.read(body, JsonNode.class);
    return forward("PUT", "/" + Upstream.encode(name), headers, body);
  }

  @DELETE
  @Path("/{name}")
  @Operation(
      summary = "Delete a custom profile",
      description = "Sessions that use it may from then on only read.")
  @APIResponse(responseCode = "204", description = "Deleted")
  public CompletionStage<Response> delete(
      @Context HttpHeaders headers, @PathParam("name") String name) {
    return forward("DELETE", "/" + Upstream.encode(name), headers, null);
  }

  /**
   * What is written; docs/profile.schema.json says it exactly.
   *
   * @param network {@code none}, {@code any} or a list of hosts
   * @param execution {@code read_only}, {@code any} or a list of commands
   */
  public record CustomProfile(
      int schemaVersion,
      String base,
      List<String> writableRoots,
      Object network,
      Object execution,
      boolean shared) {}

  private CompletionStage<Response> forward(
      String method, String path, HttpHeaders headers, byte[] body) {
    Caller person = identity.person(headers);
    Map<String, String> conditions = new HashMap<>();
    for (String name : CONDITIONS) {
      String value = headers.getHeaderString(name);
      if (value != null) {
        conditions.put(name, value);
      }
    }
    return upstream
        .send(
            Upstream.Service.APPROVAL,
            method,
            "/internal/profiles" + path,
            person,
            body,
            conditions)
        .thenApply(UpstreamReply::passOn);
  }
}

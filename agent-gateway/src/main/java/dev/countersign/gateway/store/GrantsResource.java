package dev.countersign.gateway.store;

import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.Upstream.Service;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a person allowed for a number of uses, a session or a turn, by a prompt or without one. */
@Path("/v1/users/{user}/grants")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Permissions")
public class GrantsResource {
  private final StoreDoor door;

  public GrantsResource(StoreDoor door) {
    this.door = door;
  }

  @GET
  @Operation(
      summary = "List a user's grants, the newest first",
      description =
          "Living ones, and for a year those that are used_up, expired or ended, with who gave them"
              + " and why they ended.")
  @Parameter(name = "state", in = ParameterIn.QUERY, description = "active or dead; all without it")
  @Parameter(name = "before", in = ParameterIn.QUERY, description = "next of the page before")
  @Parameter(name = "limit", in = ParameterIn.QUERY, description = "1 to 100; 20 without it")
  public CompletionStage<Response> list(
      @Context HttpHeaders headers, @Context UriInfo uri, @PathParam("user") String user) {
    String query = uri.getRequestUri().getRawQuery();
    String path = of(user) + (query == null ? "" : "?" + query);
    return door.read(Service.APPROVAL, path, headers);
  }

  @DELETE
  @Path("/{grant}")
  @Operation(summary = "End a grant for good", description = "A dead one stays as it is.")
  public CompletionStage<Response> end(
      @Context HttpHeaders headers,
      @PathParam("user") String user,
      @PathParam("grant") String grant) {
    return door.write(
        Service.APPROVAL, "DELETE", of(user) + "/" + Upstream.encode(grant), headers, null);
  }

  static String of(String user) {
    return "/internal/users/" + Upstream.encode(user) + "/grants";
  }
}

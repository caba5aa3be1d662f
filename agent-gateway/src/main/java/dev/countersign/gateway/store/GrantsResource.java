package dev.countersign.gateway.store;

import dev.countersign.gateway.http.Paging;
import dev.countersign.gateway.http.Query;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.Upstream.Service;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
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
  public CompletionStage<Response> list(
      @Context HttpHeaders headers,
      @PathParam("user") String user,
      @Parameter(description = "active or dead; all without it") @QueryParam("state") String state,
      @Parameter(description = "next of the page before") @QueryParam("after") String after,
      @Parameter(description = "1 to 100; 20 without it") @QueryParam("limit") String limit) {
    Paging page = Paging.of(limit, after, 20, 100);
    Map<String, String> query = new LinkedHashMap<>();
    query.put("state", state);
    query.put("before", page.after());
    query.put("limit", Integer.toString(page.limit()));
    return door.read(Service.APPROVAL, of(user) + Query.of(query), headers);
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

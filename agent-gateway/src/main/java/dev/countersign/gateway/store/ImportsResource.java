package dev.countersign.gateway.store;

import dev.countersign.gateway.http.Paging;
import dev.countersign.gateway.http.Query;
import dev.countersign.gateway.http.Upstream.Service;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
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
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Takes over the folder of {@code PERMISSIONS.json} files that the store is configured with. */
@Path("/v1/imports")
@Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
@Consumes(MediaType.WILDCARD)
@Tag(name = "Permissions")
public class ImportsResource {
  private final StoreDoor door;

  public ImportsResource(StoreDoor door) {
    this.door = door;
  }

  @POST
  @Operation(
      summary = "Import the store's folder of PERMISSIONS.json files",
      description = "For admins. At most 500 users at a time; next is the after of the next call.")
  public CompletionStage<Response> post(
      @Context HttpHeaders headers,
      @QueryParam("dryRun") String dryRun,
      @QueryParam("after") String after,
      @QueryParam("limit") String limit,
      @QueryParam("as") String as) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("dryRun", dryRun);
    Paging page = Paging.of(limit, after, 500, 500);
    query.put("after", page.after());
    query.put("limit", Integer.toString(page.limit()));
    query.put("as", as);
    String path = "/internal/imports" + Query.of(query);
    return door.write(Service.STORE, "POST", path, headers, null);
  }
}

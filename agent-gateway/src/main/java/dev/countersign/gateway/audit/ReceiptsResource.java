package dev.countersign.gateway.audit;

import dev.countersign.gateway.http.Paging;
import dev.countersign.gateway.http.Query;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.UpstreamReply;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import jakarta.ws.rs.GET;
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
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The stored records of decisions. */
@Path("/v1/receipts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Receipts")
public class ReceiptsResource {
  private final Identity identity;
  private final Upstream upstream;

  public ReceiptsResource(Identity identity, Upstream upstream) {
    this.identity = identity;
    this.upstream = upstream;
  }

  @GET
  @Operation(
      summary = "List receipts",
      description =
          "In the order of decisions. `next` of a page goes into `after` for the one that follows,"
              + " and is null after the last; `cursor` goes there to read on later.")
  @APIResponse(responseCode = "200", description = "`{\"receipts\":[…],\"next\":…,\"cursor\":…}`")
  public CompletionStage<Response> list(
      @Context HttpHeaders headers,
      @QueryParam("sessionId") String sessionId,
      @QueryParam("requestId") String requestId,
      @QueryParam("after") String after,
      @QueryParam("limit") String limit) {
    Caller caller = identity.caller(headers);
    Paging page = Paging.of(limit, after, 100, 1000);
    Map<String, String> query = new LinkedHashMap<>();
    query.put("limit", Integer.toString(page.limit()));
    query.put("sessionId", sessionId);
    query.put("requestId", requestId);
    query.put("after", page.after());
    return upstream
        .get(Upstream.Service.APPROVAL, "/internal/receipts" + Query.of(query), caller)
        .thenApply(UpstreamReply::passOn);
  }
}

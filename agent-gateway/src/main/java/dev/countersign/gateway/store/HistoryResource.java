package dev.countersign.gateway.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.gateway.http.CallerLimit;
import dev.countersign.gateway.http.Paging;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.Upstream.Service;
import dev.countersign.gateway.http.UpstreamReply;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.protocol.Json;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What became of a user's permissions over time, and everything that is known of them. */
@Path("/v1/users/{user}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Permissions")
public class HistoryResource {
  private static final int MOST = 100;

  /** An export occupies a worker for as long as its reader takes. */
  private static final int EXPORTS = 8;

  private static final int EXPORTS_OF_ONE = 2;

  private final Semaphore exports = new Semaphore(EXPORTS);
  private final CallerLimit perCaller = new CallerLimit(EXPORTS_OF_ONE);

  private final Identity identity;
  private final Upstream upstream;

  public HistoryResource(Identity identity, Upstream upstream) {
    this.identity = identity;
    this.upstream = upstream;
  }

  @GET
  @Path("/permissions/history")
  @Operation(
      summary = "Who changed what, when, through which way, before and after",
      description =
          "The latest first: changes of the document (set, clear, write, edit, restore, erase, and"
              + " expire where something ended by itself) and grants (grant_given, grant_ended with"
              + " the reason as note). `next` of a page goes into `after` for the one that follows.")
  @APIResponse(responseCode = "200", description = "`{\"entries\":[…],\"next\":…}`")
  public CompletionStage<Response> history(
      @Context HttpHeaders headers,
      @PathParam("user") String user,
      @QueryParam("after") String after,
      @QueryParam("limit") String limit) {
    Caller caller = identity.caller(headers);
    Paging page = Paging.of(limit, after, 20, MOST);
    return page(caller, user, History.Cursor.of(page.after()), page.limit())
        .thenApply(
            history ->
                Response.ok(Json.write(history)).header("Cache-Control", "no-store").build());
  }

  @GET
  @Path("/export")
  @Operation(
      summary = "Export everything that is known of a user's permissions",
      description = "The document with its version, living grants, and the whole history.")
  public Response export(
      @Context HttpHeaders headers, @Context RoutingContext http, @PathParam("user") String user) {
    Caller caller = identity.caller(headers);
    ExportPlace place = new ExportPlace(begin(caller));
    // Also where nobody is left to read it, or only the head was asked for.
    http.addEndHandler(ended -> place.end());
    if (http.response().closed()) {
      place.end();
    }
    return place.whileHeld(() -> exported(caller, user, place)).orElseGet(Response.ok()::build);
  }

  private Runnable begin(Caller caller) {
    Runnable own =
        perCaller.begin(
            caller,
            "At most " + EXPORTS_OF_ONE + " exports of yours are written at once; wait for one.");
    if (!exports.tryAcquire()) {
      own.run();
      throw Problems.unavailable(
          "busy", "This replica writes as many exports as it can; try again.");
    }
    return () -> {
      own.run();
      exports.release();
    };
  }

  private Response exported(Caller caller, String user, ExportPlace place) {
    UpstreamReply document =
        get(Service.STORE, caller, "/internal/users/" + Upstream.encode(user) + "/permissions");
    JsonNode permissions = document.as(JsonNode.class);
    String version = document.headers().firstValue("ETag").orElse("\"0\"").replace("\"", "");
    List<JsonNode> living = living(caller, user);
    History first = page(caller, user, History.Cursor.of(null), MOST).join();
    StreamingOutput body =
        out -> {
          try {
            place.whileHeld(
                () -> {
                  write(out, "{\"user\":" + Json.mapper().writeValueAsString(user));
                  write(out, ",\"version\":" + Long.parseLong(version));
                  write(out, ",\"document\":" + permissions);
                  write(out, ",\"grants\":" + living);
                  write(out, ",\"history\":[");
                  entries(out, caller, first);
                  write(out, "]}");
                  return null;
                });
          } finally {
            // A response that breaks in the middle never tells of its end.
            place.end();
          }
        };
    return Response.ok(body)
        .header("Cache-Control", "no-store")
        .header("Content-Disposition", "attachment; filename=\"permissions-export.json\"")
        .build();
  }

  private List<JsonNode> living(Caller caller, String user) {
    String path = GrantsResource.of(user) + "?state=active&limit=" + MOST;
    List<JsonNode> living = new ArrayList<>();
    for (String before = ""; before != null; ) {
      UpstreamReply reply = get(Service.APPROVAL, caller, path + before);
      living.addAll(list(reply, "grants"));
      JsonNode next = reply.as(JsonNode.class).get("next");
      before = next == null ? null : "&before=" + next.asLong();
    }
    return living;
  }

  private void entries(OutputStream out, Caller caller, History first) throws IOException {
    String separator = "";
    for (History page = first; ; ) {
      for (JsonNode entry : page.entries()) {
        write(out, separator + entry);
        separator = ",";
      }
      if (page.next() == null) {
        return;
      }
      page = page(caller, page.user(), History.Cursor.of(page.next()), MOST).join();
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private CompletableFuture<History> page(
      Caller caller, String user, History.Cursor from, int limit) {
    return upstream
        .get(Service.STORE, from.ofDocument(user, limit), caller)
        .thenCombine(
            upstream.get(Service.APPROVAL, from.ofGrants(user, limit), caller),
            (document, grants) -> {
              boolean more = document.as(JsonNode.class).path("next").isNumber();
              History.Source lines = new History.Source(list(document, "entries"), more);
              List<JsonNode> events = list(grants, "events");
              return History.merged(
                  user, from, lines, new History.Source(events, events.size() == limit), limit);
            });
  }

  private UpstreamReply get(Service service, Caller caller, String path) {
    return upstream.get(service, path, caller).join();
  }

  private static List<JsonNode> list(UpstreamReply reply, String field) {
    List<JsonNode> list = new ArrayList<>();
    reply.as(JsonNode.class).path(field).forEach(list::add);
    return list;
  }
}

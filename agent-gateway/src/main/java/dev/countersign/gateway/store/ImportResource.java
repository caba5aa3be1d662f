package dev.countersign.gateway.store;

import dev.countersign.gateway.http.Query;
import dev.countersign.gateway.http.Upstream;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
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
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Takes over what a user settled in an agent's own settings. */
@Path("/v1/users/{user}/permissions/import")
@Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
@Consumes(MediaType.WILDCARD)
@Tag(name = "Permissions")
public class ImportResource {
  private final StoreDoor door;

  public ImportResource(StoreDoor door) {
    this.door = door;
  }

  @POST
  @Operation(
      summary = "Import a settings file into a user's document",
      description =
          "The body is the file. format: permissions, claude-code, gemini-cli, codex or opencode;"
              + " guessed if absent. modified: when the file was changed; a document changed later"
              + " stays. dryRun=true writes nothing. as=text reports for people.")
  @APIResponse(responseCode = "200", description = "The report")
  @APIResponse(
      responseCode = "403",
      description = "not_entitled: it loosens something, which takes the role approver or admin")
  public CompletionStage<Response> post(
      @Context HttpHeaders headers,
      @PathParam("user") String user,
      @QueryParam("format") String format,
      @QueryParam("file") String file,
      @QueryParam("modified") String modified,
      @QueryParam("dryRun") String dryRun,
      @QueryParam("as") String as,
      byte[] body) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("format", format);
    query.put("file", file);
    query.put("modified", modified);
    query.put("dryRun", dryRun);
    query.put("as", as);
    String path = "/internal/users/" + Upstream.encode(user) + "/permissions/import";
    byte[] content = body == null ? new byte[0] : body;
    return door.settleFile(path + Query.of(query), user, headers, content);
  }
}

package dev.countersign.gateway.sessions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Replies;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.protocol.OlderSettings;
import dev.countersign.protocol.Problem;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The one place that reads the settings of older tools. */
@Path("/v1/settings/import")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Sessions")
public class SettingsImportResource {
  private final Identity identity;

  public SettingsImportResource(Identity identity) {
    this.identity = identity;
  }

  /** The older settings, for the OpenAPI document. */
  @Schema(name = "OlderSettings", additionalProperties = Schema.False.class)
  record Older(
      @Schema(description = "Normal, Agent, plan, autoEdit, fullAuto, YOLO, …") String mode,
      @Schema(description = "auto, suggest, never") String approval_mode,
      Boolean allow_shell,
      Boolean trust_mode,
      @Schema(description = "read-only, workspace-write, external-sandbox, danger-full-access")
          String sandbox_mode) {}

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Translate the settings of older tools",
      description =
          "Answers with today's settings, to start a session with, and one line for each older"
              + " word. Nothing is stored. Nowhere else are older words read.")
  @APIResponse(
      responseCode = "200",
      description = "The same in today's words",
      content = @Content(schema = @Schema(implementation = OlderSettings.Translation.class)))
  @APIResponse(responseCode = "400", description = "Unknown words; `errors` names each")
  public Response translate(
      @Context HttpHeaders headers, @RequestBodySchema(Older.class) byte[] body) {
    identity.caller(headers);
    try {
      return Replies.json(200, OlderSettings.translate(Bodies.read(body, ObjectNode.class)));
    } catch (OlderSettings.UnreadableException e) {
      Problem plain =
          Problem.of(400, "invalid_setting", "The request is not valid.", e.getMessage());
      throw new ProblemException(
          new Problem(plain.type(), plain.title(), 400, plain.detail(), plain.code(), e.faults()));
    }
  }
}

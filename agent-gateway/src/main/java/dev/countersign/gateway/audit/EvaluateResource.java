package dev.countersign.gateway.audit;

import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.UpstreamReply;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Dry runs: how people test their rules before they trust them. */
@Path("/v1/evaluate")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Evaluate")
public class EvaluateResource {
  private final Identity identity;
  private final Upstream upstream;

  public EvaluateResource(Identity identity, Upstream upstream) {
    this.identity = identity;
    this.upstream = upstream;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Decide cases without a session",
      description =
          "One case or an array: `id`, `mode`, `rules`, `overrides`, `toolCall` and, where they"
              + " matter, `profile`, `profiles` (custom ones, by name), `approvalPolicy`, `headless`,"
              + " `grants`, `ancestors`, `shippedRules`. Nothing is stored and nobody is asked.")
  @APIResponse(
      responseCode = "200",
      description = "`effect` (allow, ask or deny), `decidedBy`, `rule`, `reason` and `trace`")
  public CompletionStage<Response> evaluate(
      @Context HttpHeaders headers, @RequestBodySchema(Object.class) byte[] body) {
    Caller caller = identity.caller(headers);
    return upstream
        .send(
            Upstream.Service.APPROVAL,
            "POST",
            "/internal/evaluate",
            caller,
            Bodies.checked(body),
            Map.of())
        .thenApply(UpstreamReply::passOn);
  }
}

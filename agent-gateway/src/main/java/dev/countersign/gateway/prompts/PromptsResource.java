package dev.countersign.gateway.prompts;

import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.Ids;
import dev.countersign.gateway.http.Paging;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.http.Query;
import dev.countersign.gateway.http.Replies;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.gateway.http.UpstreamReply;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.protocol.AnswerReply;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
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
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Questions to people, and their answers. */
@Path("/v1/prompts")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Prompts")
public class PromptsResource {
  private final Identity identity;
  private final Answers answers;
  private final Upstream upstream;

  public PromptsResource(Identity identity, Answers answers, Upstream upstream) {
    this.identity = identity;
    this.answers = answers;
    this.upstream = upstream;
  }

  @GET
  @Operation(
      summary = "List open prompts",
      description =
          "A person: those they may answer. A session: its own. Oldest first, up to `limit` and to"
              + " a few mebibytes a page: `next` of a page goes into `after` for the one that"
              + " follows, and is absent on the last.")
  @APIResponse(responseCode = "200", description = "`{\"prompts\":[…],\"next\":…}`")
  public CompletionStage<Response> list(
      @Context HttpHeaders headers,
      @QueryParam("sessionId") String sessionId,
      @QueryParam("after") String after,
      @QueryParam("limit") String limit) {
    Caller caller = identity.caller(headers);
    Paging page = Paging.of(limit, after, 100, 1000);
    Map<String, String> query = new LinkedHashMap<>();
    query.put("limit", Integer.toString(page.limit()));
    query.put("sessionId", sessionId);
    query.put("after", page.after());
    return upstream
        .get(Upstream.Service.APPROVAL, "/internal/prompts" + Query.of(query), caller)
        .thenApply(UpstreamReply::passOn);
  }

  @GET
  @Path("/{promptId}")
  @Operation(summary = "Read a prompt, or how it ended")
  @APIResponse(responseCode = "200", description = "`{\"prompt\":…,\"state\":…,\"decision\":…}`")
  @APIResponse(responseCode = "404", description = "No such prompt is visible")
  public CompletionStage<Response> read(
      @Context HttpHeaders headers, @PathParam("promptId") String promptId) {
    return upstream
        .get(
            Upstream.Service.APPROVAL,
            "/internal/prompts/" + Upstream.encode(promptId),
            identity.caller(headers))
        .thenApply(UpstreamReply::passOn);
  }

  @POST
  @Path("/{promptId}/answer")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Answer a prompt",
      description =
          "Needs a person's token. The first answer counts; every later one gets 409 with who"
              + " decided what. An \"always\" is stored before it is accepted. The same answer sent"
              + " again with its `answerId` or `Idempotency-Key` gets the same reply.")
  @APIResponse(
      responseCode = "200",
      description = "Accepted",
      content = @Content(schema = @Schema(implementation = AnswerReply.class)))
  @APIResponse(responseCode = "202", description = "Taken, not settled yet")
  @APIResponse(responseCode = "403", description = "`agents_cannot_answer`, or `not_yours`")
  @APIResponse(
      responseCode = "409",
      description =
          "`already_decided`, `denied_by_policy` (with the `decision`), `stale_prompt`,"
              + " `stale_option` or `answer_id_reused`")
  @APIResponse(responseCode = "422", description = "`unknown_option` or `invalid_answer`")
  public CompletionStage<Response> answer(
      @Context HttpHeaders headers,
      @PathParam("promptId") String promptId,
      @HeaderParam("Idempotency-Key") String idempotencyKey,
      @RequestBodySchema(AnswerBody.class) byte[] body) {
    Caller caller = identity.caller(headers);
    if (!caller.isPerson()) {
      throw Problems.agentsCannotAnswer();
    }
    AnswerBody answer = Bodies.read(body, AnswerBody.class);
    String answerId = Ids.chosen("answerId", answer.answerId(), idempotencyKey);
    return answers
        .answer(caller, AnswerTarget.prompt(promptId), answerId, answer)
        .thenApply(
            reply ->
                reply
                    .map(settled -> Replies.json(200, settled))
                    .orElseGet(
                        () ->
                            Replies.json(
                                202,
                                Map.of(
                                    "promptId", promptId,
                                    "answerId", answerId,
                                    "state", "settling"))));
  }
}

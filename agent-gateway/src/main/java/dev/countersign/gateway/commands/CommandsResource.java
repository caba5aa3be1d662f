package dev.countersign.gateway.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Replies;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBodySchema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** JSON-RPC 2.0 on a session. */
@Path("/v1/sessions/{sessionId}/commands")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Sessions")
public class CommandsResource {
  private static final Logger LOG = Logger.getLogger(CommandsResource.class);
  private static final int MAX_BATCH = 100;

  private final Identity identity;
  private final Commands commands;

  public CommandsResource(Identity identity, Commands commands) {
    this.identity = identity;
    this.commands = commands;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Call a method of a session (JSON-RPC 2.0)",
      description =
          "`permission_response` {promptId or requestId, optionId, answerId?, digest?, feedback?,"
              + " editedInput?}; `set_config_option` {configId, value}: a setting's"
              + " name, or `engine.` and then one of the engine's; `cancel` {requestId,"
              + " reason?}; `close` {reason?}. A single call or a batch. Errors are JSON-RPC errors"
              + " under status 200; -32000 means understood and refused, with `data.code`.")
  @APIResponse(responseCode = "200", description = "The response or responses")
  @APIResponse(responseCode = "204", description = "There were only notifications")
  public CompletionStage<Response> call(
      @Context HttpHeaders headers,
      @PathParam("sessionId") String sessionId,
      @RequestBodySchema(Object.class) byte[] body) {
    Caller caller = identity.caller(headers);
    JsonNode read;
    try {
      read = Json.readTree(body == null ? new byte[0] : body);
    } catch (InvalidEventException e) {
      Map<String, String> data = Map.of("detail", e.getMessage());
      return done(
          JsonRpc.error(
              NullNode.getInstance(), new JsonRpc.Fault(JsonRpc.PARSE_ERROR, "Parse error", data)));
    }
    if (!read.isArray()) {
      return one(caller, sessionId, read)
          .thenApply(
              response ->
                  response
                      .map(found -> Replies.json(200, found))
                      .orElseGet(() -> Response.noContent().build()));
    }
    if (read.isEmpty() || read.size() > MAX_BATCH) {
      Map<String, String> data = Map.of("detail", "a batch has 1 to " + MAX_BATCH + " calls");
      return done(
          JsonRpc.error(
              NullNode.getInstance(),
              new JsonRpc.Fault(JsonRpc.INVALID_REQUEST, "Invalid Request", data)));
    }
    return batch(caller, sessionId, read);
  }

  private CompletionStage<Response> batch(Caller caller, String sessionId, JsonNode calls) {
    ArrayNode responses = JsonNodeFactory.instance.arrayNode();
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (JsonNode call : calls) {
      all =
          all.thenCompose(before -> one(caller, sessionId, call))
              .thenAccept(response -> response.ifPresent(responses::add));
    }
    return all.thenApply(
        end -> responses.isEmpty() ? Response.noContent().build() : Replies.json(200, responses));
  }

  private CompletableFuture<Optional<ObjectNode>> one(
      Caller caller, String sessionId, JsonNode text) {
    JsonRpc.Call call;
    try {
      call = JsonRpc.read(text);
    } catch (JsonRpc.Fault fault) {
      return CompletableFuture.completedFuture(
          Optional.of(JsonRpc.error(JsonRpc.idOf(text), fault)));
    }
    CompletableFuture<?> result;
    try {
      result = commands.call(caller, sessionId, call);
    } catch (RuntimeException e) {
      result = CompletableFuture.failedFuture(e);
    }
    return result
        .<ObjectNode>handle(
            (value, failure) ->
                failure == null
                    ? JsonRpc.result(call.responseId(), value)
                    : JsonRpc.error(call.responseId(), fault(failure)))
        .thenApply(response -> call.isNotification() ? Optional.empty() : Optional.of(response));
  }

  private static JsonRpc.Fault fault(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof JsonRpc.Fault fault) {
      return fault;
    }
    if (cause instanceof InvalidEventException invalid) {
      return JsonRpc.Fault.params(invalid.field(), invalid.getMessage());
    }
    if (cause instanceof ProblemException problem) {
      return refused(problem);
    }
    String incident = UUID.randomUUID().toString();
    LOG.errorf(cause, "Unexpected failure, incident %s", incident);
    return new JsonRpc.Fault(
        JsonRpc.INTERNAL_ERROR, "Internal error", Map.of("incident", incident));
  }

  private static JsonRpc.Fault refused(ProblemException problem) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("code", problem.problem().code());
    data.put("status", problem.problem().status());
    data.put("detail", problem.problem().detail());
    if (problem.problem().errors() != null) {
      data.put("field", problem.problem().errors().get(0).field());
      data.put("errors", problem.problem().errors());
    }
    data.putAll(problem.members());
    boolean params = problem.problem().code().startsWith("invalid_");
    return params
        ? new JsonRpc.Fault(JsonRpc.INVALID_PARAMS, "Invalid params", data)
        : new JsonRpc.Fault(JsonRpc.REFUSED, problem.problem().title(), data);
  }

  private static CompletionStage<Response> done(ObjectNode response) {
    return CompletableFuture.completedFuture(Replies.json(200, response));
  }
}

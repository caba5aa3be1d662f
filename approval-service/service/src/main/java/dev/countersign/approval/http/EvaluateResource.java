package dev.countersign.approval.http;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.approval.evaluate.EvaluatePool;
import dev.countersign.policy.Evaluation;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/** Dry runs of the order of decision: one case, or an array of them. */
@Path("/internal/evaluate")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class EvaluateResource {
  private static final TypeReference<Map<String, Object>> CASE = new TypeReference<>() {};

  private final Callers callers;
  private final EvaluatePool pool;

  public EvaluateResource(Callers callers, EvaluatePool pool) {
    this.callers = callers;
    this.pool = pool;
  }

  @POST
  public CompletionStage<byte[]> evaluate(
      @HeaderParam("Authorization") String authorization, byte[] body) {
    callers.of(authorization);
    try {
      return pool.submit(() -> evaluated(body));
    } catch (RejectedExecutionException e) {
      throw new ProblemException(
          503, "busy", "Too many dry runs wait already", "Try again in a moment.");
    }
  }

  private static byte[] evaluated(byte[] body) {
    JsonNode json = Json.readTree(body);
    if (!json.isArray()) {
      Map<String, Object> result = one(json);
      if (result.get("error") instanceof Map<?, ?> error) {
        throw ProblemException.invalid(
            String.valueOf(error.get("field")), String.valueOf(error.get("detail")));
      }
      return Json.write(result);
    }
    List<Map<String, Object>> results = new ArrayList<>(json.size());
    json.forEach(single -> results.add(one(single)));
    return Json.write(results);
  }

  private static Map<String, Object> one(JsonNode json) {
    if (!json.isObject()) {
      throw new InvalidEventException("$", "must be a case, or an array of cases");
    }
    return Evaluation.evaluate(Json.mapper().convertValue(json, CASE));
  }
}

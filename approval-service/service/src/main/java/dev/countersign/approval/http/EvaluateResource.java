package dev.countersign.approval.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.approval.evaluate.EvaluatePool;
import dev.countersign.door.ChangesNothing;
import dev.countersign.policy.Evaluation;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/** Dry runs of the order of decision: one case, or an array of them. */
@Path("/internal/evaluate")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class EvaluateResource {
  private static final TypeReference<Map<String, Object>> CASE = new TypeReference<>() {};

  private static final int MOST_CASES = 10_000;
  private static final int MOST_BYTES = 8 * Json.MAX_REQUEST_BYTES;

  private final Callers callers;
  private final EvaluatePool pool;

  public EvaluateResource(Callers callers, EvaluatePool pool) {
    this.callers = callers;
    this.pool = pool;
  }

  @POST
  @ChangesNothing
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
    byte[] json = body == null ? new byte[0] : body;
    try (JsonParser parser = Json.skim(json)) {
      return parser.nextToken() == JsonToken.START_ARRAY ? all(parser, json) : single(json);
    } catch (IOException e) {
      throw Json.invalid(e);
    }
  }

  private static byte[] single(byte[] json) {
    Map<String, Object> result = one(json);
    if (result.get("error") instanceof Map<?, ?> error) {
      throw ProblemException.invalid(
          String.valueOf(error.get("field")), String.valueOf(error.get("detail")));
    }
    return Json.write(result);
  }

  /** One case at a time: as objects they take many times the room that they take as text. */
  private static byte[] all(JsonParser parser, byte[] json) throws IOException {
    ByteArrayOutputStream results = new ByteArrayOutputStream();
    results.write('[');
    for (int cases = 0; parser.nextToken() != JsonToken.END_ARRAY; cases++) {
      if (cases > 0) {
        results.write(',');
      }
      byte[] result = Json.write(one(element(parser, json, cases)));
      if (cases >= MOST_CASES || results.size() + result.length > MOST_BYTES) {
        throw new ProblemException(
            413,
            "too_large",
            "Too much is to be evaluated",
            "One request may have %d cases, whose results come to %d bytes; send the rest in another."
                .formatted(MOST_CASES, MOST_BYTES));
      }
      results.write(result);
    }
    results.write(']');
    if (parser.nextToken() != null) {
      throw new InvalidEventException("$", "must be one JSON value, with nothing behind it");
    }
    return results.toByteArray();
  }

  /** The text of the element that the parser has come to; it is passed over. */
  private static byte[] element(JsonParser parser, byte[] json, int index) throws IOException {
    long start = parser.currentTokenLocation().getByteOffset();
    if (start < 0) {
      throw new InvalidEventException("$", "must be UTF-8");
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new InvalidEventException("[" + index + "]", "must be a case");
    }
    parser.skipChildren();
    int end = (int) parser.currentLocation().getByteOffset();
    return Arrays.copyOfRange(json, (int) start, end);
  }

  /** A case is no larger than a request may be. */
  private static Map<String, Object> one(byte[] json) {
    if (json.length > Json.MAX_REQUEST_BYTES) {
      throw new ProblemException(
          413,
          "too_large",
          "A case is too large",
          "One case may have %d bytes.".formatted(Json.MAX_REQUEST_BYTES));
    }
    JsonNode read = Json.readTree(json);
    if (!read.isObject()) {
      throw new InvalidEventException("$", "must be a case, or an array of cases");
    }
    return Evaluation.evaluate(Json.mapper().convertValue(read, CASE));
  }
}

package dev.countersign.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Problem;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns every failure into a problem detail (RFC 9457). Nothing internal shows through. */
public class ProblemMappers {
  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

  @ServerExceptionMapper
  public Response problem(ProblemException e) {
    return response(e);
  }

  @ServerExceptionMapper
  public Response invalid(InvalidEventException e) {
    return response(Problems.invalid(e));
  }

  @ServerExceptionMapper
  public Response http(WebApplicationException e) {
    Response original = e.getResponse();
    ProblemException problem =
        switch (original.getStatus()) {
          case 404 -> Problems.of(404, "not_found", "Nothing is here.", "No such address.");
          case 405 ->
              Problems.of(
                      405,
                      "method_not_allowed",
                      "This method does not do here.",
                      "Use one of: " + original.getHeaderString("Allow") + ".")
                  .header("Allow", String.valueOf(original.getHeaderString("Allow")));
          case 406 ->
              Problems.of(
                  406,
                  "not_acceptable",
                  "No such representation.",
                  "Accept application/json (events: text/event-stream).");
          case 413 -> Problems.tooLarge(Json.MAX_REQUEST_BYTES);
          case 415 ->
              Problems.of(
                  415,
                  "unsupported_media_type",
                  "This media type is not read here.",
                  "Send Content-Type: application/json.");
          default -> other(original.getStatus(), e);
        };
    return response(problem);
  }

  @ServerExceptionMapper
  public Response completion(CompletionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof ProblemException problem) {
      return problem(problem);
    }
    if (cause instanceof InvalidEventException invalid) {
      return invalid(invalid);
    }
    return anything(cause == null ? e : cause);
  }

  @ServerExceptionMapper
  public Response anything(Throwable e) {
    String incident = UUID.randomUUID().toString();
    LOG.errorf(e, "Unexpected failure, incident %s", incident);
    return response(
        Problems.of(
            500,
            "internal_error",
            "Something went wrong here.",
            "The log has it under incident " + incident + "."));
  }

  private ProblemException other(int status, WebApplicationException e) {
    if (status < 400 || status > 499) {
      LOG.errorf(e, "Unexpected failure");
      return Problems.of(500, "internal_error", "Something went wrong here.", "See the log.");
    }
    return Problems.of(
        status, "http_" + status, "The request is not valid.", "It was refused unread.");
  }

  /** The response of a problem. */
  public static Response response(ProblemException e) {
    Problem problem = e.problem();
    ObjectNode body = Json.mapper().valueToTree(problem);
    for (Map.Entry<String, Object> member : e.members().entrySet()) {
      body.set(member.getKey(), Json.mapper().valueToTree(member.getValue()));
    }
    Response.ResponseBuilder response =
        Response.status(problem.status())
            .type(Problem.MEDIA_TYPE)
            .header("Cache-Control", "no-store")
            .entity(Json.write(body));
    e.headers().forEach(response::header);
    return response.build();
  }
}

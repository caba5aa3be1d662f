package dev.countersign.approval.http;

import dev.countersign.approval.db.NewerSchemaException;
import dev.countersign.approval.db.SqlErrors;
import dev.countersign.approval.grants.RefusedGrantException;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Problem;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Shows every failure as a problem detail (RFC 9457), never with a stack trace. */
public class ProblemMapper {
  private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

  @ServerExceptionMapper
  Response problem(ProblemException e) {
    return response(e.problem());
  }

  @ServerExceptionMapper
  Response refused(RefusedGrantException e) {
    int status =
        switch (e.code()) {
          case "unknown_grant", "unknown_session" -> 404;
          case "invalid_override" -> 422;
          default -> 409;
        };
    return response(Problem.of(status, e.code(), "The grant was refused", e.getMessage()));
  }

  @ServerExceptionMapper
  Response invalid(InvalidEventException e) {
    String code = e.field().equals("$") ? "malformed_json" : "invalid_request";
    return response(Problem.of(400, code, "The request cannot be read", e.getMessage()));
  }

  @ServerExceptionMapper
  Response newer(NewerSchemaException e) {
    return response(
        Problem.of(503, NewerSchemaException.CODE, "A newer version wrote this", e.getMessage()));
  }

  @ServerExceptionMapper
  Response http(WebApplicationException e) {
    if (e instanceof NotFoundException && e.getCause() != null) {
      // How a parameter ends that is not of its type.
      return invalidParameter();
    }
    int status = e.getResponse().getStatus();
    String code = status == 404 ? "not_found" : "http_" + status;
    return response(Problem.of(status, code, "The request was refused", e.getMessage()));
  }

  @ServerExceptionMapper
  Response any(RuntimeException e) {
    if (SqlErrors.dataAtFault(e)) {
      return invalidParameter();
    }
    LOG.error("An HTTP request failed", e);
    return response(Problem.of(503, "unavailable", "Something is away", "Try again in a moment."));
  }

  private static Response invalidParameter() {
    return response(
        Problem.of(
            400,
            "invalid_request",
            "The request cannot be read",
            "A parameter of the address is not of its type; limit, after and before are numbers."));
  }

  private static Response response(Problem problem) {
    Response.ResponseBuilder response =
        Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(Json.write(problem));
    return problem.status() == 503 || problem.status() == 429
        ? response.header(HttpHeaders.RETRY_AFTER, "1").build()
        : response.build();
  }
}

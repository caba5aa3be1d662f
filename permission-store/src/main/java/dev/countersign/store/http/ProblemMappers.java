package dev.countersign.store.http;

import dev.countersign.protocol.Json;
import dev.countersign.protocol.Problem;
import dev.countersign.store.writing.Turns;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever ends a request early into {@code application/problem+json}. */
class ProblemMappers {
  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

  @ServerExceptionMapper
  Response problem(ProblemException e) {
    Response.ResponseBuilder response = response(e.problem());
    if (e.etag() != null) {
      response.header(HttpHeaders.ETAG, e.etag());
    }
    if (e.problem().status() == 401) {
      response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
    return response.build();
  }

  @ServerExceptionMapper
  Response problem(Turns.CrowdedException e) {
    String detail = "too many requests about this user wait; send it again later";
    return response(Problems.exception("too_many_requests", detail).problem())
        .header(HttpHeaders.RETRY_AFTER, "1")
        .build();
  }

  @ServerExceptionMapper
  Response problem(WebApplicationException e) {
    if (e instanceof NotFoundException && e.getCause() != null) {
      // How a parameter ends that is not of its type.
      return response(
              Problems.exception("invalid_request", "a parameter of the address is not of its type")
                  .problem())
          .build();
    }
    int status = e.getResponse().getStatus();
    String title = e.getResponse().getStatusInfo().getReasonPhrase();
    String code = status == 404 ? "not_found" : "invalid_request";
    return response(Problem.of(status, code, title, title + ".")).build();
  }

  @ServerExceptionMapper
  Response problem(Throwable e) {
    LOG.error("A request failed", e);
    return response(
            Problems.exception("unavailable", "the database is away or busy; try again").problem())
        .header(HttpHeaders.RETRY_AFTER, "1")
        .build();
  }

  private static Response.ResponseBuilder response(Problem problem) {
    return Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(Json.write(problem));
  }
}

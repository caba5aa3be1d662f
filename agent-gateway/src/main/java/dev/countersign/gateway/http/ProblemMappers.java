package dev.countersign.gateway.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.util.ClassUtil;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Problem;
import io.vertx.core.http.HttpClosedException;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns every failure into a problem detail (RFC 9457). Nothing internal shows through. */
public class ProblemMappers {
  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

  private final AllowedMethods methods;

  public ProblemMappers(AllowedMethods methods) {
    this.methods = methods;
  }

  @ServerExceptionMapper
  public Response problem(ProblemException e) {
    return response(e);
  }

  @ServerExceptionMapper
  public Response invalid(InvalidEventException e) {
    return response(Problems.invalid(e));
  }

  @ServerExceptionMapper
  public Response http(WebApplicationException e, ContainerRequestContext request) {
    ProblemException problem =
        switch (e.getResponse().getStatus()) {
          case 404 -> e.getCause() == null ? nothingHere(request) : notOfItsType();
          case 405 -> nothingHere(request);
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
          default -> other(e.getResponse().getStatus(), e);
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

  /**
   * A client that left while its answer was written: that is its own affair. Nothing is written
   * behind the part that was sent. Whatever else fails is an incident, as before the first byte.
   */
  @ServerExceptionMapper
  public Response left(IOException e, RoutingContext context) {
    if (!context.response().headWritten() || !ofTheConnection(ClassUtil.getRootCause(e))) {
      return anything(e);
    }
    LOG.debugf(e, "A client left before it had its answer");
    return Response.serverError().build();
  }

  private static boolean ofTheConnection(Throwable cause) {
    return cause instanceof HttpClosedException
        || cause instanceof IOException
            && !(cause instanceof JacksonException)
            && !(cause instanceof InterruptedIOException);
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

  /** 404, or 405 where the address has other methods: the framework does not always know. */
  private ProblemException nothingHere(ContainerRequestContext request) {
    Set<String> allowed = methods.at(request.getUriInfo().getPath());
    if (allowed.isEmpty() || allowed.contains(request.getMethod())) {
      return Problems.of(404, "not_found", "Nothing is here.", "No such address.");
    }
    String list = String.join(", ", allowed);
    return Problems.of(
            405,
            "method_not_allowed",
            "This address has no such method.",
            "Use one of: " + list + ".")
        .header("Allow", list);
  }

  private static ProblemException notOfItsType() {
    return Problems.of(
        400,
        "invalid_request",
        "The request is not valid.",
        "A parameter of the address is not of its type.");
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
    Response.ResponseBuilder response =
        Response.status(e.problem().status())
            .type(Problem.MEDIA_TYPE)
            .header("Cache-Control", "no-store")
            .entity(Problems.body(e));
    e.headers().forEach(response::header);
    return response.build();
  }
}

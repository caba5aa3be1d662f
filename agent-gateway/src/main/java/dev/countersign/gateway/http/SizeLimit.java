package dev.countersign.gateway.http;

import dev.countersign.protocol.Json;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses a body by its announced length, before it is read. */
public class SizeLimit {
  /** Thousands of cases are fine in one evaluation. */
  public static final long EVALUATE = 16L * Json.MAX_REQUEST_BYTES;

  @ServerRequestFilter(preMatching = true)
  public Optional<Response> check(ContainerRequestContext request) {
    long limit =
        request.getUriInfo().getPath().endsWith("/evaluate") ? EVALUATE : Json.MAX_REQUEST_BYTES;
    String announced = request.getHeaderString("Content-Length");
    if (announced != null && announced.matches("\\d+") && over(announced, limit)) {
      return Optional.of(
          ProblemMappers.response(Problems.tooLarge(limit).header("Connection", "close")));
    }
    return Optional.empty();
  }

  private static boolean over(String digits, long limit) {
    return digits.length() > 18 || Long.parseLong(digits) > limit;
  }
}

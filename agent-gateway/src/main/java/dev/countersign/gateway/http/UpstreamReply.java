package dev.countersign.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Problem;
import jakarta.ws.rs.core.Response;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;

/** What a service behind the gateway answered. */
public record UpstreamReply(int status, HttpHeaders headers, byte[] body) {
  private static final List<String> PASSED_ON =
      List.of("ETag", "Content-Type", "Retry-After", "WWW-Authenticate", "Location", "Allow");

  static UpstreamReply of(HttpResponse<byte[]> response) {
    return new UpstreamReply(response.statusCode(), response.headers(), response.body());
  }

  public boolean ok() {
    return status >= 200 && status < 300;
  }

  /** Reads a good answer; any other is thrown as the problem it is. */
  public <T> T as(Class<T> type) {
    if (!ok()) {
      throw problem();
    }
    try {
      return Json.readOwn(body, type);
    } catch (InvalidEventException e) {
      throw Problems.of(
          502, "bad_upstream", "A service answered nonsense.", "Its answer is not readable.");
    }
  }

  /** Passes the answer on as it is; what is neither good nor a problem becomes 502. */
  public Response passOn() {
    if (!ok() && status != 304 && !isProblem()) {
      throw problem();
    }
    Response.ResponseBuilder response = Response.status(status).header("Cache-Control", "no-store");
    for (String name : PASSED_ON) {
      headers.firstValue(name).ifPresent(value -> response.header(name, value));
    }
    return body.length == 0 ? response.build() : response.entity(body).build();
  }

  /** The problem the service answered with, in its own words. */
  public ProblemException problem() {
    if (isProblem()) {
      try {
        JsonNode read = Json.readOwn(body, JsonNode.class);
        ProblemException same =
            new ProblemException(
                Problem.of(
                    status,
                    read.path("code").asText("upstream"),
                    read.path("title").asText("The request was refused."),
                    read.path("detail").asText("")));
        // A problem has one of the two at most.
        String name = status == 401 ? "WWW-Authenticate" : "Retry-After";
        return headers.firstValue(name).map(value -> same.header(name, value)).orElse(same);
      } catch (InvalidEventException e) {
        // falls through: what calls itself a problem but cannot be read is nonsense
      }
    }
    if (status == 503 || status == 502 || status == 504) {
      return Problems.unavailable("upstream_unavailable", "A service behind is not ready.");
    }
    return Problems.of(
        502, "bad_upstream", "A service answered nonsense.", "It answered status " + status + ".");
  }

  private boolean isProblem() {
    return status >= 400
        && headers
            .firstValue("Content-Type")
            .filter(type -> type.startsWith(Problem.MEDIA_TYPE))
            .isPresent();
  }
}

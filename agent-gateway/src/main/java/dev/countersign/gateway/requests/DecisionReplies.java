package dev.countersign.gateway.requests;

import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.http.Replies;
import dev.countersign.gateway.http.Upstream;
import dev.countersign.protocol.PermissionReply;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/**
 * A request's status as an HTTP response: 200 decided, 202 not yet, a problem if it was no request.
 */
final class DecisionReplies {
  private DecisionReplies() {}

  static Response of(String sessionId, String requestId, RequestStatus status) {
    if (status instanceof RequestStatus.Decided decided) {
      return of(decided.decision());
    }
    String query = sessionId == null ? "" : "?sessionId=" + Upstream.encode(sessionId);
    URI location = URI.create("/v1/requests/" + Upstream.encode(requestId) + query);
    return Replies.json(202, RequestView.of(sessionId, requestId, status), location);
  }

  private static Response of(PermissionReply reply) {
    return switch (reply.code()) {
      case "unknown_session" -> throw refused(reply, 404, "This session is not known.");
      case "not_your_session" -> throw refused(reply, 403, "This session is another one's.");
      case "session_closed" -> throw refused(reply, 409, "This session is closed.");
      case "request_id_reused" ->
          throw refused(reply, 409, "This request id stands for another tool call.");
      case "invalid_request", "invalid_mode", "malformed_json" ->
          throw refused(reply, 422, "The request cannot be decided.");
      case "too_large" -> throw refused(reply, 413, "The request is too large.");
      default -> Replies.json(200, reply);
    };
  }

  private static ProblemException refused(PermissionReply reply, int status, String title) {
    return Problems.of(status, reply.code(), title, reply.reason()).member("decision", reply);
  }
}

package dev.countersign.door;

import dev.countersign.protocol.Json;
import dev.countersign.protocol.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** Answers a request whose body is not wanted, without keeping any more of it. */
public final class Refusal {
  /** How long what still comes is thrown away, so that the sender can read its answer. */
  private static final long LINGER_MILLIS = 2000;

  private Refusal() {}

  static void send(RoutingContext context, RefusedException refused) {
    HttpServerRequest request = context.request();
    boolean more = !request.isEnded() && Door.announcesBody(request);
    byte[] body = Json.write(refused.problem());
    send(context, refused.problem().status(), refused.headers(), body, more);
  }

  /**
   * Answers with a problem.
   *
   * @param problem the body of the response
   * @param more whether some of the request may still come; then the connection ends
   */
  public static void send(
      RoutingContext context,
      int status,
      Map<String, String> headers,
      byte[] problem,
      boolean more) {
    HttpServerRequest request = context.request();
    HttpConnection connection = request.connection();
    HttpServerResponse response = context.response();
    response.setStatusCode(status);
    response.putHeader("Content-Type", Problem.MEDIA_TYPE).putHeader("Cache-Control", "no-store");
    headers.forEach(response::putHeader);
    if (more) {
      response.putHeader("Connection", "close");
      long timer = context.vertx().setTimer(LINGER_MILLIS, id -> connection.close());
      request.pause();
      request.exceptionHandler(gone -> context.vertx().cancelTimer(timer));
      request.endHandler(
          end -> {
            context.vertx().cancelTimer(timer);
            connection.close();
          });
      request.handler(unwanted -> {});
      request.resume();
    }
    response.end(Buffer.buffer(problem));
  }
}

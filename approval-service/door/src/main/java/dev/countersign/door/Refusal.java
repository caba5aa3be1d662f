package dev.countersign.door;

import dev.countersign.protocol.Json;
import dev.countersign.protocol.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Answers a request whose body is not wanted, without keeping any more of it. */
final class Refusal {
  /** How long what still comes is thrown away, so that the sender can read its answer. */
  private static final long LINGER_MILLIS = 2000;

  private Refusal() {}

  static void send(RoutingContext context, RefusedException refused) {
    HttpServerRequest request = context.request();
    HttpConnection connection = request.connection();
    HttpServerResponse response = context.response();
    response.setStatusCode(refused.problem().status());
    response.putHeader("Content-Type", Problem.MEDIA_TYPE).putHeader("Cache-Control", "no-store");
    refused.headers().forEach(response::putHeader);
    if (!request.isEnded() && Door.announcesBody(request)) {
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
    response.end(Buffer.buffer(Json.write(refused.problem())));
  }
}

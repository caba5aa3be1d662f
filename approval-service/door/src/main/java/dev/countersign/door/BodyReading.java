package dev.countersign.door;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.time.Duration;

/**
 * Reads one body whole and hands it on, or refuses it as soon as it is over its limit, finds no
 * room, or takes too long. Runs on the connection's event loop only.
 */
final class BodyReading {
  private final RoutingContext context;
  private final long limit;
  private final Room.Share share;
  private final Buffer body = Buffer.buffer();
  private long timer;
  private boolean over;

  BodyReading(RoutingContext context, long limit, Room.Share share) {
    this.context = context;
    this.limit = limit;
    this.share = share;
  }

  void start(Duration patience) {
    HttpServerRequest request = context.request();
    timer =
        context
            .vertx()
            .setTimer(
                patience.toMillis(), id -> refuse(RefusedException.tooSlow(patience.toSeconds())));
    // The body may be there already: nothing may come before all handlers are set.
    request.pause();
    request.exceptionHandler(gone -> stop());
    request.handler(this::more);
    request.endHandler(end -> handOn());
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      // It is answered here, so nobody behind may answer it again.
      request.headers().remove("Expect");
      context.response().writeContinue();
    }
    request.resume();
  }

  private void more(Buffer bytes) {
    if (over) {
      return;
    }
    if ((long) body.length() + bytes.length() > limit) {
      refuse(RefusedException.tooLarge(limit));
      return;
    }
    try {
      share.grow(bytes.length());
      body.appendBuffer(bytes);
    } catch (RefusedException e) {
      refuse(e);
    }
  }

  private void handOn() {
    if (stop()) {
      ((RoutingContextInternal) context).setBody(body);
      context.next();
    }
  }

  private void refuse(RefusedException refused) {
    if (stop()) {
      Refusal.send(context, refused);
    }
  }

  private boolean stop() {
    boolean first = !over;
    over = true;
    context.vertx().cancelTimer(timer);
    return first;
  }
}

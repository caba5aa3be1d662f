package dev.countersign.gateway.bodies;

import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Problems;
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
  private final BodyBudget.Share share;
  private Buffer body = Buffer.buffer();
  private long timer;
  private boolean over;

  BodyReading(RoutingContext context, long limit, BodyBudget.Share share) {
    this.context = context;
    this.limit = limit;
    this.share = share;
  }

  void start(Duration patience) {
    HttpServerRequest request = context.request();
    HeldBody.hold(context, share);
    timer = context.vertx().setTimer(patience.toMillis(), id -> refuse(tooSlow(patience)));
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
    long length = (long) body.length() + bytes.length();
    if (length > limit) {
      refuse(Problems.tooLarge(limit));
      return;
    }
    try {
      share.grow(length);
      body.appendBuffer(bytes);
    } catch (ProblemException e) {
      refuse(e);
    }
  }

  private void handOn() {
    if (stop()) {
      ((RoutingContextInternal) context).setBody(body);
      body = null;
      context.next();
    }
  }

  private void refuse(ProblemException problem) {
    if (stop()) {
      body = null;
      Refusal.send(context, problem);
    }
  }

  private boolean stop() {
    boolean first = !over;
    over = true;
    context.vertx().cancelTimer(timer);
    return first;
  }

  private static ProblemException tooSlow(Duration patience) {
    return Problems.of(
        408,
        "too_slow",
        "The body did not arrive in time.",
        "It must arrive within " + patience.toSeconds() + " seconds.");
  }
}

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
public final class BodyReading {
  /** Where the bytes of a body are counted. */
  @FunctionalInterface
  public interface Account {
    /**
     * So many bytes more came.
     *
     * @throws RefusedException if there is no room for them
     */
    void add(long bytes);
  }

  private final RoutingContext context;
  private final long limit;
  private final Account account;
  private Buffer body = Buffer.buffer();
  private long timer;
  private boolean over;

  /**
   * Of one request.
   *
   * @param limit the most bytes
   */
  public BodyReading(RoutingContext context, long limit, Account account) {
    this.context = context;
    this.limit = limit;
    this.account = account;
  }

  /**
   * Refuses a body whose announced length is over the limit, before any of it is read.
   *
   * @throws RefusedException 413
   */
  public static void refuseAnnounced(HttpServerRequest request, long limit) {
    String length = request.getHeader("Content-Length");
    if (length != null && (length.length() > 18 || Long.parseLong(length) > limit)) {
      throw RefusedException.tooLarge(limit);
    }
  }

  /** Reads, and hands the request on or answers it. */
  public void start(Duration patience) {
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
      account.add(bytes.length());
      body.appendBuffer(bytes);
    } catch (RefusedException e) {
      refuse(e);
    }
  }

  private void handOn() {
    if (stop()) {
      ((RoutingContextInternal) context).setBody(body);
      // The connection keeps this object for longer than the body is needed.
      body = null;
      context.next();
    }
  }

  private void refuse(RefusedException refused) {
    if (stop()) {
      body = null;
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

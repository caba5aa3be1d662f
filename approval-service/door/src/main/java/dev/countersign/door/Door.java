package dev.countersign.door;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.time.Duration;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Stands before every address of a service. The caller is proven from the headers before a byte of
 * the body is read; then the bytes are counted as they come, however they were announced. What is
 * refused is answered with a problem. A sender that does not read its answers gets no more of them
 * made.
 */
public final class Door {
  /** Where a filter of Quarkus stands that is the first to see a request. */
  public static final int FIRST = 100;

  /** For checks of health, which need no token and hold nothing. */
  private static final String OPEN = "/q/";

  private static final String SHARE = Door.class.getName();
  private static final Set<HttpMethod> READS =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  /** Finds out who calls. */
  @FunctionalInterface
  public interface Callers {
    /**
     * The caller as whom requests are counted.
     *
     * @param authorization the header; null if there is none
     * @throws RefusedException 401 if it proves none
     */
    String prove(String authorization);
  }

  private final Callers callers;
  private final ToLongFunction<String> bodyLimit;
  private final Duration bodyTime;
  private final Room room;

  /**
   * A door.
   *
   * @param bodyLimit the most bytes of a body, by path
   * @param bodyTime how long a body may take to arrive
   */
  public Door(Callers callers, ToLongFunction<String> bodyLimit, Duration bodyTime, Room room) {
    this.callers = callers;
    this.bodyLimit = bodyLimit;
    this.bodyTime = bodyTime;
    this.room = room;
  }

  /** What a request that was let in holds; null for one that holds nothing. */
  public static Room.Share share(RoutingContext context) {
    return context.get(SHARE);
  }

  /** Lets a request in, or answers it. Runs on the connection's event loop. */
  public void admit(RoutingContext context) {
    boolean body = mayHaveBody(context.request());
    if (!body && context.normalizedPath().startsWith(OPEN)) {
      context.next();
    } else {
      whenRead(context, body, () -> letIn(context, body));
    }
  }

  /**
   * Runs something at once, or if earlier answers on this connection wait for their reader when
   * they have been read; so long the request waits. To be called on the connection's event loop.
   *
   * @param body whether the request may have one
   */
  public static void whenRead(RoutingContext context, boolean body, Runnable then) {
    if (!context.response().writeQueueFull()) {
      then.run();
      return;
    }
    if (body) {
      context.request().pause();
    }
    context
        .response()
        .drainHandler(
            drained -> {
              context.response().drainHandler(null);
              then.run();
            });
  }

  /** Runs something when the connection of a request is gone, at once if it is already. */
  public static void whenClosed(HttpServerRequest request, Runnable then) {
    ((ConnectionBase) request.connection()).closeFuture().onComplete(closed -> then.run());
  }

  /** The body that was read, once; null if none was. */
  public static byte[] takeBody(RoutingContext context) {
    Buffer body = context.body().buffer();
    if (body == null) {
      return null;
    }
    ((RoutingContextInternal) context).setBody(null);
    return body.getBytes();
  }

  private void letIn(RoutingContext context, boolean body) {
    HttpServerRequest request = context.request();
    try {
      String caller = callers.prove(request.getHeader("Authorization"));
      long limit = bodyLimit.applyAsLong(context.normalizedPath());
      BodyReading.refuseAnnounced(request, limit);
      Room.Share share = room.open(caller);
      context.addEndHandler(end -> whenSent(request, share::release));
      context.put(SHARE, share);
      if (body) {
        new BodyReading(context, limit, share::grow).start(bodyTime);
      } else {
        context.next();
      }
    } catch (RefusedException e) {
      Refusal.send(context, e);
    }
  }

  /**
   * Runs something when the answer that has ended is sent, or its connection is gone: the last byte
   * may be long in coming to its reader.
   *
   * <p>It asks the channel and not Vert.x, whose {@code ConnectionBase.flush}, called off the event
   * loop, counts a write that it never ends; nothing after it on that connection is then sent
   * before the client says something more (4.5.24).
   */
  public static void whenSent(HttpServerRequest request, Runnable then) {
    Channel channel = ((ConnectionBase) request.connection()).channel();
    if (channel.eventLoop().inEventLoop()) {
      whenSent(channel, then);
    } else {
      channel.eventLoop().execute(() -> whenSent(channel, then));
    }
  }

  private static void whenSent(Channel channel, Runnable then) {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> then.run());
  }

  private static boolean mayHaveBody(HttpServerRequest request) {
    return !READS.contains(request.method()) || announcesBody(request);
  }

  static boolean announcesBody(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    return request.getHeader("Transfer-Encoding") != null || length != null && !length.equals("0");
  }
}

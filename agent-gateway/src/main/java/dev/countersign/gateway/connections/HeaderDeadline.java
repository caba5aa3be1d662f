package dev.countersign.gateway.connections;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection whose request headers are not complete in time: the first from when it was
 * accepted, every later one from its first byte, or from when all before it is answered. However
 * few bytes come at a time, they buy no more. One on which all is answered and nothing is asked is
 * closed after a while, too: it keeps its place from others. What waits for its answer has no
 * deadline here, but one connection asks so much at once and no more, in requests and in bytes.
 * Stands before all other handlers of one connection and runs on its event loop only.
 */
final class HeaderDeadline extends ChannelInboundHandlerAdapter {
  /** Vert.x keeps requests of one connection until those before them are answered. */
  static final int MOST_UNANSWERED = 100;

  /** What heads of requests behind the first may hold. */
  static final int MOST_BYTES_WAITING = 64 * 1024;

  /** What a header costs beside its characters. */
  private static final int HEADER = 64;

  /** What Vert.x calls the handler that takes requests; they are complete before it. */
  private static final String REQUESTS = "handler";

  /** What it calls the one of TLS; the one above is added within its handling of a record. */
  private static final String TLS = "ssl";

  private final Duration headerTime;
  private final Duration idleTime;
  private Future<?> deadline;
  private boolean watching;
  private boolean inHeaders = true;
  private boolean inBody;

  /** The bytes of each request that has no answer. */
  private final Deque<Integer> unanswered = new ArrayDeque<>();

  private long waiting;

  HeaderDeadline(Duration headerTime, Duration idleTime) {
    this.headerTime = headerTime;
    this.idleTime = idleTime;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    begin(context);
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    // Over TLS requests are handled only after the handshake, which has to be in time as well.
    if (!watching) {
      watching = watch(context.pipeline());
      if (!watching && context.pipeline().get(TLS) != null) {
        context.pipeline().addAfter(TLS, null, new Handshaken());
        watching = true;
      }
    }
    if (!inHeaders && !inBody && !isBlank(bytes)) {
      inHeaders = true;
      begin(context);
    }
    context.fireChannelRead(bytes);
  }

  private boolean watch(ChannelPipeline pipeline) {
    if (pipeline.get(REQUESTS) == null) {
      return false;
    }
    pipeline.addBefore(REQUESTS, null, new Complete());
    return true;
  }

  /** Some clients end a body with a line that belongs to nothing. */
  private static boolean isBlank(Object bytes) {
    return bytes instanceof ByteBuf buffer && buffer.forEachByte(b -> b == '\r' || b == '\n') < 0;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end();
    context.fireChannelInactive();
  }

  /** Begins the time that what goes on has, unless an answer is still to come. */
  private void begin(ChannelHandlerContext context) {
    end();
    if (unanswered.isEmpty()) {
      Duration time = inHeaders ? headerTime : idleTime;
      deadline =
          context
              .executor()
              .schedule(() -> context.close(), time.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void end() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /** Waits for the first bytes that TLS yields: now there is a handler of requests. */
  private final class Handshaken extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (watch(context.pipeline())) {
        context.pipeline().remove(this);
      }
      context.fireChannelRead(message);
    }
  }

  /** Sees the requests as they are decoded, and their answers. */
  private final class Complete extends ChannelDuplexHandler {
    private boolean over;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest request) {
        inHeaders = false;
        inBody = true;
        int size = size(request);
        waiting += unanswered.isEmpty() ? 0 : size;
        unanswered.add(size);
        end();
      }
      if (message instanceof LastHttpContent) {
        inBody = false;
        begin(context);
      }
      over |= unanswered.size() > MOST_UNANSWERED || waiting > MOST_BYTES_WAITING;
      if (over) {
        ReferenceCountUtil.release(message);
        context.close();
      } else {
        context.fireChannelRead(message);
      }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
      if (message instanceof LastHttpContent && !isInformation(message)) {
        // As long as its client has not taken it, it is still being answered.
        context.write(message, written.unvoid()).addListener(sent -> answered(context));
      } else {
        context.write(message, written);
      }
    }

    private void answered(ChannelHandlerContext context) {
      unanswered.poll();
      waiting -= unanswered.isEmpty() ? 0 : unanswered.peek();
      if (unanswered.isEmpty() && context.channel().isOpen()) {
        begin(context);
      }
    }

    private static int size(HttpRequest request) {
      int size = request.uri().length();
      for (Map.Entry<String, String> header : request.headers()) {
        size += HEADER + header.getKey().length() + header.getValue().length();
      }
      return size;
    }

    /** Such as 100: the answer is still to come. */
    private static boolean isInformation(Object message) {
      return message instanceof HttpResponse response
          && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
  }
}

package dev.countersign.gateway.connections;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection whose client takes not one byte of what waits for it, for as long as is
 * given; it may take up to twice as long to be noticed. Who reads slowly has as much time as it
 * needs. Stands before all other handlers of one connection and runs on its event loop only.
 */
final class UnreadDeadline extends ChannelOutboundHandlerAdapter {
  private final Duration time;
  private Future<?> watch;
  private long taken;
  private long takenBefore;
  private long sentOfFirst;

  UnreadDeadline(Duration time) {
    this.time = time;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
    context.write(message, written.unvoid().addListener(done -> taken++));
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    if (watch != null && waiting(context) == null) {
      // All of it was taken; what comes now has its own time.
      watch.cancel(false);
      watch = null;
    }
    context.flush();
    ChannelOutboundBuffer waiting = waiting(context);
    if (watch == null && waiting != null) {
      watch(context, waiting);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (watch != null) {
      watch.cancel(false);
    }
  }

  /** Null if nothing waits. */
  private static ChannelOutboundBuffer waiting(ChannelHandlerContext context) {
    ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
    return buffer == null || buffer.current() == null ? null : buffer;
  }

  private void watch(ChannelHandlerContext context, ChannelOutboundBuffer waiting) {
    takenBefore = taken;
    sentOfFirst = waiting.currentProgress();
    watch =
        context.executor().schedule(() -> look(context), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look(ChannelHandlerContext context) {
    ChannelOutboundBuffer waiting = waiting(context);
    if (waiting == null) {
      watch = null;
    } else if (taken == takenBefore && sentOfFirst == waiting.currentProgress()) {
      context.close();
    } else {
      watch(context, waiting);
    }
  }
}

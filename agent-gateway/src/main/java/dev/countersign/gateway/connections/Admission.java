package dev.countersign.gateway.connections;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Sees every connection that a server accepts: over the most there may be it ends at once, and
 * every other gets a {@link HeaderDeadline} and an {@link UnreadDeadline}. Never blocks.
 */
@Sharable
final class Admission extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = Logger.getLogger(Admission.class);
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final AtomicInteger open;
  private final int most;
  private final Duration headerTime;
  private final Duration idleTime;
  private final AtomicLong said = new AtomicLong(System.nanoTime() - MINUTE);

  /**
   * For one server.
   *
   * @param open counts those of all servers
   */
  Admission(AtomicInteger open, int most, Duration headerTime, Duration idleTime) {
    this.open = open;
    this.most = most;
    this.headerTime = headerTime;
    this.idleTime = idleTime;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    Channel connection = (Channel) accepted;
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      connection.unsafe().closeForcibly();
      say();
      return;
    }
    connection.closeFuture().addListener(closed -> open.decrementAndGet());
    connection
        .pipeline()
        .addLast(new UnreadDeadline(idleTime), new HeaderDeadline(headerTime, idleTime));
    context.fireChannelRead(connection);
  }

  /** Once a minute at most. */
  private void say() {
    long before = said.get();
    long now = System.nanoTime();
    if (now - before >= MINUTE && said.compareAndSet(before, now)) {
      LOG.warnf(
          "A new connection was closed: %d are open, as many as countersign.connections.max allows",
          most);
    }
  }
}

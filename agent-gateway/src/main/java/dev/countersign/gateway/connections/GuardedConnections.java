package dev.countersign.gateway.connections;

import dev.countersign.gateway.GatewayConfig;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.VertxServiceProvider;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Puts {@link Admission} before every server of this process; all of them speak HTTP. Vert.x tells
 * nobody of a connection before its first request is complete; here it is seen when it is accepted.
 */
public final class GuardedConnections extends JDKTransport implements VertxServiceProvider {
  /** What a connection may hold that has sent all but the end of its headers, with room. */
  private static final long BYTES_OF_ONE = 128 * 1024;

  /**
   * What the system holds for a client that reads slowly. It says that something was taken only
   * when a third of it is free, so with more a steady reader would look like none.
   */
  private static final int SEND_BUFFER = 64 * 1024;

  private final AtomicInteger open = new AtomicInteger();

  @Override
  public void init(VertxBuilder builder) {
    builder.findTransport(this);
  }

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    super.configure(options, domainSocket, bootstrap);
    GatewayConfig.Connections config =
        ConfigProvider.getConfig()
            .unwrap(SmallRyeConfig.class)
            .getConfigMapping(GatewayConfig.class)
            .connections();
    int most = config.max().orElse((int) (Runtime.getRuntime().maxMemory() / BYTES_OF_ONE));
    check("max", most > 0);
    check("header-time", config.headerTime().toMillis() > 0);
    check("idle-time", config.idleTime().toMillis() > 0);
    bootstrap.handler(new Admission(open, most, config.headerTime(), config.idleTime()));
    bootstrap.childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER);
  }

  private static void check(String name, boolean good) {
    if (!good) {
      throw new IllegalArgumentException(
          "countersign.connections." + name + " must be more than nothing");
    }
  }
}

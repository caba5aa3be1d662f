package dev.countersign.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.ByteBufferSend;
import org.apache.kafka.common.network.NetworkSend;
import org.apache.kafka.common.network.Selectable;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/** Connections to a broker that announce a request of some size and never send it. */
final class Announcements implements AutoCloseable {
  private static final int AT_ONCE = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Selector selector;
  private final InetSocketAddress address;
  private final Set<String> open = new HashSet<>();

  private Announcements(Selector selector, InetSocketAddress address) {
    this.selector = selector;
    this.address = address;
  }

  /**
   * Returns once every connection has announced its request or was closed by the broker.
   *
   * @param settings how the broker is reached, by the names of Kafka's clients
   */
  static Announcements make(Map<String, Object> settings, int port, int connections, int bytes)
      throws IOException {
    AdminClientConfig config = new AdminClientConfig(settings);
    Selector selector =
        new Selector(
            Duration.ofHours(1).toMillis(),
            new Metrics(),
            Time.SYSTEM,
            "announcements",
            ClientUtils.createChannelBuilder(config, Time.SYSTEM, new LogContext()),
            new LogContext());
    Announcements made = new Announcements(selector, new InetSocketAddress("127.0.0.1", port));
    made.announce(connections, bytes);
    return made;
  }

  private void announce(int connections, int bytes) throws IOException {
    Set<String> connecting = new HashSet<>();
    Set<String> sending = new HashSet<>();
    int begun = 0;
    for (long end = System.nanoTime() + PATIENCE.toNanos();
        begun < connections || !connecting.isEmpty() || !sending.isEmpty(); ) {
      if (System.nanoTime() > end) {
        throw new AssertionError((begun - connecting.size()) + " connections were taken");
      }
      while (begun < connections && connecting.size() < AT_ONCE) {
        String id = String.valueOf(begun++);
        selector.connect(
            id, address, Selectable.USE_DEFAULT_BUFFER_SIZE, Selectable.USE_DEFAULT_BUFFER_SIZE);
        connecting.add(id);
        open.add(id);
      }
      poll();
      if (!open.containsAll(connecting)) {
        throw new AssertionError("the broker closed a connection before it announced anything");
      }
      sending.retainAll(open);
      selector.completedSends().forEach(send -> sending.remove(send.destinationId()));
      for (String id : List.copyOf(connecting)) {
        if (selector.isChannelReady(id)) {
          connecting.remove(id);
          sending.add(id);
          ByteBuffer size = ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes);
          selector.send(new NetworkSend(id, new ByteBufferSend(size)));
        }
      }
    }
  }

  private void poll() throws IOException {
    selector.poll(100);
    selector.disconnected().keySet().forEach(open::remove);
  }

  /** Waits until the broker has closed every connection. */
  void awaitRefusals() throws IOException {
    for (long end = System.nanoTime() + PATIENCE.toNanos(); !open.isEmpty(); ) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the broker waits for what " + open.size() + " announced");
      }
      poll();
    }
  }

  @Override
  public void close() {
    selector.close();
  }
}

package dev.countersign.gateway.connections;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final EmbeddedChannel server =
      new EmbeddedChannel(
          new Admission(new AtomicInteger(), 2, Duration.ofSeconds(10), Duration.ofSeconds(75)));

  private EmbeddedChannel accept() {
    EmbeddedChannel connection = new EmbeddedChannel();
    server.writeInbound(connection);
    return connection;
  }

  @Test
  void oneOverTheMostIsClosedUntilAnotherEnds() {
    EmbeddedChannel first = accept();
    EmbeddedChannel second = accept();
    assertFalse(accept().isOpen());
    assertTrue(first.isOpen());
    assertNotNull(second.pipeline().get(HeaderDeadline.class));
    assertNotNull(second.pipeline().get(UnreadDeadline.class));
    first.close();
    assertTrue(accept().isOpen());
    assertFalse(accept().isOpen());
  }
}

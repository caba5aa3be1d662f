package dev.countersign.gateway.connections;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UnreadDeadlineTest {
  /** A connection whose client takes as many bytes as it is told to. */
  private static final class Client extends EmbeddedChannel {
    private int takes;

    Client() {
      super(new UnreadDeadline(Duration.ofSeconds(75)));
      freezeTime();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer waiting) {
      while (takes > 0 && waiting.current() != null) {
        int before = takes;
        takes -= (int) Math.min(takes, sizeOfFirst(waiting));
        waiting.removeBytes(before - takes);
      }
    }

    private static long sizeOfFirst(ChannelOutboundBuffer waiting) {
      return ((ByteBuf) waiting.current()).readableBytes();
    }

    void take(int bytes) {
      takes += bytes;
      flush();
    }

    boolean openAfter(int seconds) {
      advanceTimeBy(seconds, TimeUnit.SECONDS);
      runScheduledPendingTasks();
      return isOpen();
    }
  }

  private final Client client = new Client();

  private void answer(int bytes) {
    client.writeAndFlush(Unpooled.wrappedBuffer(new byte[bytes]));
  }

  @Test
  void whoTakesNothingIsClosedAndWhatWaitedIsGivenBack() {
    answer(1000);
    assertTrue(client.openAfter(74));
    answer(1000);
    assertFalse(client.openAfter(1));
  }

  @Test
  void whoReadsSlowlyHasAsMuchTimeAsItNeeds() {
    answer(1000);
    for (int i = 0; i < 999; i++) {
      client.take(1);
      assertTrue(client.openAfter(75));
    }
    client.take(1);
    assertTrue(client.openAfter(36_000));
  }

  @Test
  void whoStopsInTheMiddleIsClosed() {
    answer(1000);
    client.take(500);
    assertTrue(client.openAfter(75));
    assertFalse(client.openAfter(75));
  }

  @Test
  void whereNothingWaitsNothingIsTimed() {
    client.take(5000);
    answer(1000);
    assertTrue(client.openAfter(36_000));
    answer(1000);
    assertTrue(client.openAfter(36_000));
    answer(4000);
    assertTrue(client.openAfter(74));
    assertFalse(client.openAfter(1));
  }

  @Test
  void anAnswerThatLooksLikeOneThatWasTakenHasItsOwnTime() {
    ByteBuf same = Unpooled.wrappedBuffer(new byte[1000]);
    client.writeAndFlush(same.retain());
    assertTrue(client.openAfter(20));
    client.take(1000);
    assertTrue(client.openAfter(50));
    client.writeAndFlush(same.setIndex(0, 1000));
    assertTrue(client.openAfter(74));
    assertFalse(client.openAfter(1));
  }

  @Test
  void aStreamWhoseNextPieceLooksLikeTheLastIsRead() {
    ByteBuf same = Unpooled.wrappedBuffer(new byte[1000]);
    client.write(same.retain());
    answer(10);
    for (int i = 0; i < 10; i++) {
      client.take(1000);
      client.write(same.retain().setIndex(0, 1000));
      client.take(10);
      answer(10);
      assertTrue(client.openAfter(74));
    }
    same.release();
  }
}

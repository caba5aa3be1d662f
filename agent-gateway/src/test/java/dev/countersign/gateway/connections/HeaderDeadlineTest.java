package dev.countersign.gateway.connections;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeaderDeadlineTest {
  private final EmbeddedChannel connection = connection();

  private EmbeddedChannel connection() {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(io.netty.channel.Channel channel) {
                ((EmbeddedChannel) channel).freezeTime();
                channel
                    .pipeline()
                    .addLast(new HeaderDeadline(Duration.ofSeconds(10), Duration.ofSeconds(75)));
                channel.pipeline().addLast(new HttpRequestDecoder());
                channel.pipeline().addLast("handler", new Sink());
              }
            });
    return channel;
  }

  private int requests;

  private final class Sink extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      requests += message instanceof HttpRequest ? 1 : 0;
      ReferenceCountUtil.release(message);
    }
  }

  private void send(String text) {
    connection.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  private void answer(HttpResponseStatus status) {
    connection
        .pipeline()
        .context("handler")
        .writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
  }

  private boolean openAfter(int seconds) {
    connection.advanceTimeBy(seconds, TimeUnit.SECONDS);
    connection.runScheduledPendingTasks();
    return connection.isOpen();
  }

  @Test
  void whoSaysNothingIsClosed() {
    assertTrue(openAfter(9));
    assertFalse(openAfter(1));
  }

  @Test
  void headersByteByByteBuyNoTime() {
    send("GET /q/health HTTP/1.1\r\nHost: t\r\nX: ");
    for (int second = 0; second < 9; second++) {
      assertTrue(openAfter(1));
      send("x");
    }
    assertFalse(openAfter(1));
  }

  @Test
  void aRequestThatIsCompleteMayBeAnsweredLate() {
    send("GET /v1/events HTTP/1.1\r\nHost: t\r\n\r\n");
    assertTrue(openAfter(3600));
  }

  @Test
  void whereAllIsAnsweredAndNothingIsAskedNoPlaceIsKept() {
    send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    answer(HttpResponseStatus.OK);
    assertTrue(openAfter(74));
    send("GET / HTTP/1.1\r\nHost: t\r\n\r\nGET / HTTP/1.1\r\nHost: t\r\n\r\n");
    answer(HttpResponseStatus.OK);
    assertTrue(openAfter(3600));
    answer(HttpResponseStatus.OK);
    assertTrue(openAfter(74));
    assertFalse(openAfter(1));
  }

  @Test
  void beingToldToContinueIsNoAnswer() {
    send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\n");
    answer(HttpResponseStatus.CONTINUE);
    send("12345");
    assertTrue(openAfter(3600));
    answer(HttpResponseStatus.OK);
    assertFalse(openAfter(75));
  }

  @Test
  void anAnswerBeforeTheEndOfTheBodyIsOne() {
    send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\n");
    answer(HttpResponseStatus.UNAUTHORIZED);
    send("12345");
    assertTrue(openAfter(74));
    assertFalse(openAfter(1));
  }

  @Test
  void aBodyThatDoesNotEndKeepsNoPlaceOnceItIsAnswered() {
    send("GET / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n");
    answer(HttpResponseStatus.OK);
    for (int second = 0; second < 74; second++) {
      assertTrue(openAfter(1));
      send("x");
    }
    assertFalse(openAfter(1));
  }

  @Test
  void whatIsSentWhileAnAnswerIsAwaitedCutsNoneOff() {
    send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\n12345");
    send("\r\n");
    assertTrue(openAfter(3600));
    send("GET / HT");
    assertTrue(openAfter(3600));
    answer(HttpResponseStatus.OK);
    assertTrue(openAfter(9));
    assertFalse(openAfter(1));
  }

  @Test
  void anAnswerThatIsNotTakenYetIsNone() {
    send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    connection
        .pipeline()
        .context("handler")
        .write(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    assertTrue(openAfter(3600));
    connection.flush();
    assertTrue(openAfter(74));
    assertFalse(openAfter(1));
  }

  @Test
  void soManyUnansweredRequestsAndNoMore() {
    String request = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";
    send(request.repeat(HeaderDeadline.MOST_UNANSWERED));
    assertTrue(openAfter(3600));
    answer(HttpResponseStatus.OK);
    send(request);
    assertTrue(openAfter(3600));
    send(request);
    assertFalse(connection.isOpen());
  }

  @Test
  void aBodyIsNotTimedHere() {
    send("POST /v1/sessions HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\n12345");
    assertTrue(openAfter(3600));
    send("67890");
    assertTrue(openAfter(3600));
  }

  @Test
  void theNextRequestOfAConnectionIsTimedFromItsFirstByte() {
    send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    answer(HttpResponseStatus.OK);
    assertTrue(openAfter(60));
    send("GET / HT");
    assertTrue(openAfter(9));
    send("TP/1.1\r\n");
    assertFalse(openAfter(1));
  }

  @Test
  void aLineThatBelongsToNothingChangesNothing() {
    send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\n12345");
    answer(HttpResponseStatus.OK);
    assertTrue(openAfter(30));
    send("\r\n");
    assertTrue(openAfter(44));
    assertFalse(openAfter(1));
  }

  @Test
  void whatWaitsForItsTurnHoldsFewBytes() {
    String large = "GET / HTTP/1.1\r\nX: " + "x".repeat(7_000) + "\r\n\r\n";
    int fit = HeaderDeadline.MOST_BYTES_WAITING / 7_100;
    send(large.repeat(1 + fit));
    assertTrue(connection.isOpen());
    for (int i = 0; i < 100; i++) {
      answer(HttpResponseStatus.OK);
      send(large);
      assertTrue(connection.isOpen());
    }
    send(large);
    assertFalse(connection.isOpen());
  }

  /** As Vert.x does it: the handler of requests comes when the handshake ends. */
  @Test
  void aRequestThatComesWithTheEndOfTheHandshakeIsSeen() {
    EmbeddedChannel secured = new EmbeddedChannel();
    secured.freezeTime();
    secured
        .pipeline()
        .addLast(new HeaderDeadline(Duration.ofSeconds(10), Duration.ofSeconds(75)))
        .addLast(
            "ssl",
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                if (context.pipeline().get("handler") == null) {
                  context.pipeline().addLast(new HttpRequestDecoder());
                  context.pipeline().addLast("handler", new Sink());
                }
                context.fireChannelRead(message);
              }
            });
    secured.writeInbound(
        Unpooled.copiedBuffer("GET / HTTP/1.1\r\nHost: t\r\n\r\n", StandardCharsets.US_ASCII));
    secured.advanceTimeBy(3600, TimeUnit.SECONDS);
    secured.runScheduledPendingTasks();
    assertTrue(secured.isOpen());
  }

  @Test
  void whatComesWithOneTooManyIsNotHandledEither() {
    send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
    connection
        .pipeline()
        .context("handler")
        .write(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    send(("GET / HTTP/1.1\r\nX: " + "x".repeat(7_000) + "\r\n\r\n").repeat(20));
    assertFalse(connection.isOpen());
    assertTrue(requests <= 1 + HeaderDeadline.MOST_BYTES_WAITING / 7_000, () -> "" + requests);
  }
}

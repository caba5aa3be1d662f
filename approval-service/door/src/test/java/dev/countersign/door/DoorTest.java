package dev.countersign.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A door before a server of its own, and senders that speak to it by hand. */
class DoorTest {
  private static final int BODY = 100_000;
  private static final int LARGE = 400_000;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Vertx vertx = Vertx.vertx();
  private final Queue<RoutingContext> held = new ConcurrentLinkedQueue<>();
  private final Room room = new Room(new Room.Limits(4, 8, 4 * LARGE));

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private HttpServer server(Duration bodyTime) {
    Door door = new Door(DoorTest::prove, path -> BODY, bodyTime, room);
    Router router = Router.router(vertx);
    router.route().handler(door::admit);
    router.get("/q/health").handler(context -> context.end("well"));
    router.get("/large").handler(DoorTest::large);
    router.get("/hold").handler(held::add);
    router
        .route("/length")
        .handler(context -> context.end("length " + Door.takeBody(context).length + ";"));
    return vertx
        .createHttpServer()
        .requestHandler(router)
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private static String prove(String authorization) {
    if (authorization == null) {
      throw RefusedException.unproven("missing_token", "no token was sent");
    }
    return authorization;
  }

  private static void large(RoutingContext context) {
    try {
      Door.share(context).grow(LARGE);
      context.end(Buffer.buffer(new byte[LARGE]));
    } catch (RefusedException e) {
      context.response().setStatusCode(e.problem().status()).end();
    }
  }

  private static final class Sender implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    Sender(HttpServer server) throws IOException {
      socket = new Socket("127.0.0.1", server.actualPort());
      socket.setSoTimeout((int) LONG.toMillis());
      in = new BufferedInputStream(socket.getInputStream());
    }

    Sender send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return this;
    }

    /** The status of the next answer, whose body is read as well. */
    int status() throws IOException {
      String head = head();
      int at = head.toLowerCase().indexOf("content-length: ");
      int length = Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)));
      assertEquals(length, in.readNBytes(length).length);
      return Integer.parseInt(head.substring(9, 12));
    }

    private String head() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        assertTrue(next >= 0, "the connection ended after " + head);
        head.append((char) next);
      }
      return head.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static String request(String line, String... headers) {
    StringBuilder text = new StringBuilder(line + " HTTP/1.1\r\nHost: test\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text.append("\r\n").toString();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not come to that");
      Thread.sleep(5);
    }
  }

  private void nothingIsHeld() throws InterruptedException {
    await(() -> room.requests() == 0 && room.bytes() == 0);
  }

  @Test
  void whoIsNotProvenIsAnsweredBeforeAByteOfTheBody() throws Exception {
    HttpServer server = server(LONG);
    for (String path :
        new String[] {"/length", "/q/health", "/q/../length", "//length", "/nowhere"}) {
      try (Sender sender = new Sender(server)) {
        sender.send(request("POST " + path, "Transfer-Encoding: chunked"));
        assertEquals(401, sender.status(), path);
      }
    }
    try (Sender sender = new Sender(server)) {
      assertEquals(401, sender.send(request("GET /q/%2e%2e/large")).status());
      assertEquals(200, sender.send(request("GET /q/health")).status());
    }
    nothingIsHeld();
  }

  @Test
  void aBodyIsReadWholeHoweverItComes() throws Exception {
    try (Sender sender = new Sender(server(LONG))) {
      sender.send(request("POST /length", "Authorization: a", "Content-Length: 5") + "12345");
      assertEquals(200, sender.status());
      sender.send(
          request("POST /length", "Authorization: a", "Transfer-Encoding: chunked")
              + "5\r\n12345\r\n0\r\n\r\n");
      assertEquals(200, sender.status());
      sender.send(request("DELETE /length", "Authorization: a"));
      assertEquals(200, sender.status());
    }
    nothingIsHeld();
  }

  @Test
  void aBodyEndsAtItsLimitWhetherItSaysSoOrNot() throws Exception {
    HttpServer server = server(LONG);
    try (Sender sender = new Sender(server)) {
      sender.send(request("PUT /length", "Authorization: a", "Content-Length: 100001"));
      assertEquals(413, sender.status());
    }
    try (Sender sender = new Sender(server)) {
      String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
      sender.send(request("PUT /length", "Authorization: a", "Transfer-Encoding: chunked"));
      sender.send(chunk).send(chunk);
      assertEquals(413, sender.status());
    }
    nothingIsHeld();
  }

  @Test
  void aBodyThatDoesNotComeIsNotWaitedForForEver() throws Exception {
    try (Sender sender = new Sender(server(Duration.ofMillis(200)))) {
      sender.send(request("PUT /length", "Authorization: a", "Content-Length: 10") + "123");
      assertEquals(408, sender.status());
    }
    nothingIsHeld();
  }

  @Test
  void whoLeavesInTheMiddleLeavesNothingBehind() throws Exception {
    HttpServer server = server(LONG);
    try (Sender sender = new Sender(server)) {
      sender.send(request("PUT /length", "Authorization: a", "Content-Length: 10") + "123");
      await(() -> room.bytes() == 3);
    }
    nothingIsHeld();
  }

  @Test
  void oneCallersRequestsLeaveRoomForOthers() throws Exception {
    HttpServer server = server(LONG);
    Sender[] senders = new Sender[8];
    for (int i = 0; i < 8; i++) {
      senders[i] = new Sender(server);
    }
    for (int i = 0; i < 4; i++) {
      senders[i].send(request("GET /hold", "Authorization: a"));
    }
    await(() -> held.size() == 4);
    assertEquals(429, senders[4].send(request("GET /large", "Authorization: a")).status());
    assertEquals(200, senders[5].send(request("GET /large", "Authorization: b")).status());
    senders[5].send(request("GET /hold", "Authorization: b"));
    senders[6].send(request("GET /hold", "Authorization: c"));
    await(() -> held.size() == 6);
    assertEquals(503, senders[7].send(request("GET /large", "Authorization: b")).status());
    assertEquals(200, senders[4].send(request("GET /large", "Authorization: d")).status());
    held.forEach(context -> vertx.runOnContext(now -> context.end("done")));
    for (int i = 0; i < 4; i++) {
      assertEquals(200, senders[i].status());
    }
    nothingIsHeld();
    for (Sender sender : senders) {
      sender.close();
    }
  }

  /**
   * Far more than sockets hold between them: were the answers made before they are read, the bytes
   * of one caller would run out.
   */
  @Test
  void answersThatNobodyReadsAreNotMade() throws Exception {
    HttpServer server = server(LONG);
    int requests = 150;
    try (Sender sender = new Sender(server)) {
      sender.send(request("GET /large", "Authorization: a").repeat(requests));
      await(() -> room.bytes() == LARGE);
      try (Sender other = new Sender(server)) {
        assertEquals(200, other.send(request("GET /large", "Authorization: b")).status());
      }
      for (int i = 0; i < requests; i++) {
        assertEquals(200, sender.status(), "answer " + i);
      }
    }
    nothingIsHeld();
  }

  /** What is on its way to a reader that does not read is held, and counts. */
  @Test
  void whatWasNotReadYetCounts() throws Exception {
    HttpServer server = server(LONG);
    Sender[] senders = new Sender[40];
    int refused = 0;
    for (int i = 0; i < senders.length; i++) {
      senders[i] = new Sender(server);
      senders[i].send(request("GET /large", "Authorization: a").repeat(60));
    }
    for (Sender sender : senders) {
      for (int i = 0; i < 60; i++) {
        int status = sender.status();
        assertTrue(status == 200 || status == 429, "status " + status);
        refused += status == 429 ? 1 : 0;
      }
      sender.close();
    }
    assertTrue(refused > 0, "nothing was refused");
    nothingIsHeld();
  }
}

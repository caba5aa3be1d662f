package dev.countersign.protocol.token;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jose4j.jwk.RsaJsonWebKey;

/** An identity provider's key set, at {@code /keys}, and one that never ends, at {@code /drip}. */
final class KeyProvider implements AutoCloseable {
  private static final int FLOOD_BYTES = 64 * 1024;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch dripping = new CountDownLatch(1);
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile byte[] published;

  KeyProvider() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/keys", this::answer);
    server.createContext("/drip", http -> neverEnd(http, 1, 100));
    server.createContext("/flood", http -> neverEnd(http, FLOOD_BYTES, 0));
    server.start();
  }

  /** What it answers from now on; 503 for null. */
  void publish(byte[] keys) {
    published = keys;
  }

  static byte[] keySet(RsaJsonWebKey... keys) {
    return Json.write(Map.of("keys", Stream.of(keys).map(Tokens::publicKey).toList()));
  }

  String address() {
    return address("/keys");
  }

  String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** How often its keys were asked for. */
  int asked() {
    return asked.get();
  }

  /** Waits until somebody reads what never ends. */
  void awaitDripping() throws InterruptedException {
    dripping.await();
  }

  /** Waits until whoever read what never ends has closed the connection. */
  void awaitHungUp() throws InterruptedException {
    hungUp.await();
  }

  private void answer(HttpExchange http) throws IOException {
    byte[] keys = published;
    http.sendResponseHeaders(keys == null ? 503 : 200, keys == null ? -1 : keys.length);
    if (keys != null) {
      http.getResponseBody().write(keys);
    }
    http.close();
    asked.incrementAndGet();
  }

  private void neverEnd(HttpExchange http, int bytes, long pauseMillis) throws IOException {
    http.sendResponseHeaders(200, 0);
    byte[] blanks = " ".repeat(bytes).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    try (OutputStream out = http.getResponseBody()) {
      do {
        out.write(blanks);
        out.flush();
        dripping.countDown();
      } while (!closed.await(pauseMillis, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      hungUp.countDown();
      throw e;
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}

package dev.countersign.local;

import dev.countersign.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks services for their health all the while, and remembers what of their own was down. */
final class HealthWatch implements AutoCloseable {
  /** They have two seconds to answer, which a busy machine may exceed. */
  private static final Set<String> BACKENDS = Set.of("kafka", "postgres");

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Integer> ports;
  private final List<String> downs = new CopyOnWriteArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = new Thread(this::watch, "health-watch");

  HealthWatch(List<Integer> ports) {
    this.ports = List.copyOf(ports);
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      while (!stopped.await(1, TimeUnit.SECONDS)) {
        for (int port : ports) {
          look(URI.create("http://127.0.0.1:" + port + "/q/health"));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(URI health) throws InterruptedException {
    try {
      HttpResponse<String> response =
          client.send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.ofString());
      Json.readTree(response.body().getBytes(StandardCharsets.UTF_8))
          .path("checks")
          .forEach(
              check -> {
                boolean down = check.path("status").asText().equals("DOWN");
                if (down && !BACKENDS.contains(check.path("name").asText())) {
                  downs.add(health + ": " + check);
                }
              });
    } catch (IOException | RuntimeException e) {
      downs.add(health + ": " + e);
    }
  }

  /** Every check that was down. */
  List<String> downs() {
    return downs;
  }

  @Override
  public void close() throws InterruptedException {
    stopped.countDown();
    thread.join();
  }
}

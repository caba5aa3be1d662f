package dev.countersign.approval;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks services for their health all the while, and remembers what was down. */
final class HealthWatch implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<URI> services;
  private final List<String> downs = new CopyOnWriteArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = new Thread(this::watch, "health-watch");

  HealthWatch(List<URI> services) {
    this.services = services;
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      while (!stopped.await(500, TimeUnit.MILLISECONDS)) {
        for (URI service : services) {
          look(URI.create(service + "/ready"));
          look(URI.create(service + "/live"));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(URI check) throws InterruptedException {
    try {
      HttpResponse<String> response =
          client.send(HttpRequest.newBuilder(check).build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        downs.add(check + ": " + response.body());
      }
    } catch (IOException e) {
      downs.add(check + ": " + e);
    }
  }

  /** Every answer that was not "up". */
  List<String> downs() {
    return downs;
  }

  @Override
  public void close() throws InterruptedException {
    stopped.countDown();
    thread.join();
  }
}

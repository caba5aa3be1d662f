package dev.countersign.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.embedded.FreePorts;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;

/** One more process of a service, whose surroundings are wrong in one thing. */
record Replica(Child child, int port) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration STOP = Duration.ofSeconds(20);

  /** Starts it, and waits for nothing. */
  static Replica start(SystemFixture system, ServiceName service, Map<String, String> environment) {
    int port = FreePorts.next();
    String name = service.label() + "-" + system.newId();
    return new Replica(system.stack().startReplica(service, name, port, environment), port);
  }

  void stop() {
    child.stop(STOP);
  }

  String log() {
    try {
      return Files.readString(child.log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is wrong by a check of its readiness; empty if nothing is. */
  String reason(String check) {
    if (!child.isAlive()) {
      throw new IllegalStateException(child.obituary());
    }
    try {
      JsonNode ready = Json.readTree(get(port, "/q/health/ready").body());
      for (JsonNode one : ready.path("checks")) {
        if (one.path("name").asText().equals(check)) {
          return one.path("data").path("reason").asText();
        }
      }
      return "it has no check " + check + ": " + ready;
    } catch (IOException e) {
      return "it does not answer: " + e;
    }
  }

  static HttpResponse<byte[]> get(int port, String path) throws IOException {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

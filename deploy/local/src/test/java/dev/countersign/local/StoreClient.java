package dev.countersign.local;

import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The internal HTTP API of any number of replicas of the permission store, as each user. */
final class StoreClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final Map<String, String> tokens = new ConcurrentHashMap<>();
  private final DevKeys keys;

  StoreClient(DevKeys keys) {
    this.keys = keys;
  }

  /** An answer, with its body as text. */
  record Answer(int status, String etag, String body) {
    /** The version that the {@code ETag} names. */
    long version() {
      return Long.parseLong(etag.replace("\"", ""));
    }
  }

  Answer read(int port, String user) throws IOException {
    return send(port, user, "GET", "/permissions", null, Map.of());
  }

  Answer write(int port, String user, String document, String etag) throws IOException {
    return send(port, user, "PUT", "/permissions", document, Map.of("If-Match", etag));
  }

  Answer edit(int port, String user, String oldText, String newText) throws IOException {
    String body = text(Map.of("oldText", oldText, "newText", newText));
    return send(port, user, "PATCH", "/permissions", body, Map.of());
  }

  Answer set(int port, String user, String resource, String level, String key) throws IOException {
    return send(
        port,
        user,
        "PUT",
        "/overrides/Bash?resource=" + URLEncoder.encode(resource, StandardCharsets.UTF_8),
        text(Map.of("level", level)),
        Map.of("Idempotency-Key", key));
  }

  /**
   * What the store makes of a user's own key: it stands for that person's writes over HTTP only.
   */
  static String commandId(String person, String key) {
    return "http:" + Digest.of(person + "\n" + key);
  }

  /** Imports a {@code PERMISSIONS.json} that holds this one override of {@code Bash}. */
  Answer importOverride(int port, String user, String resource, String level) throws IOException {
    Object file =
        Map.of(
            "tools", Map.of("Bash", Map.of("resources", Map.of(resource, Map.of("level", level)))));
    return send(port, user, "POST", "/permissions/import?format=permissions", text(file), Map.of());
  }

  private static String text(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }

  private Answer send(
      int port, String user, String method, String path, String body, Map<String, String> headers)
      throws IOException {
    String token = tokens.computeIfAbsent(user, keys::personToken);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + "/internal/users/" + user + path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("ETag").orElse(null),
          response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}

package dev.countersign.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** A client of the gateway's HTTP API with one bearer token. */
public final class Gateway {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  /** A status and the JSON that came with it (an empty object if none did). */
  public record Reply(int status, JsonNode body) {
    /** The body, if the status is one of success. */
    public JsonNode orThrow() {
      if (status / 100 != 2) {
        throw new LaunchException("the gateway answered " + status + ": " + body);
      }
      return body;
    }
  }

  private final URI base;
  private final String token;

  public Gateway(String base, String token) {
    this.base = URI.create(base);
    this.token = token;
  }

  public Reply get(String path) {
    return send("GET", path, null, Map.of());
  }

  public Reply delete(String path) {
    return send("DELETE", path, null, Map.of());
  }

  public Reply post(String path, Object body) {
    return send("POST", path, body, Map.of());
  }

  /** Posts what may be sent again, and sends it again for a while where the gateway says so. */
  Reply postPatiently(String path, Object body) {
    Reply[] last = new Reply[1];
    Waiting.until(
        PATIENCE,
        () -> {
          last[0] = post(path, body);
          return last[0].status() != 503;
        },
        () -> {},
        () -> new LaunchException("the gateway still answers 503: " + last[0].body()));
    return last[0];
  }

  public Reply put(String path, Object body) {
    return send("PUT", path, body, Map.of());
  }

  /** Puts what replaces just this version. */
  public Reply put(String path, Object body, long version) {
    return send("PUT", path, body, Map.of("If-Match", "\"" + version + "\""));
  }

  public Reply patch(String path, Object body) {
    return send("PATCH", path, body, Map.of());
  }

  /** Patches and lets the gateway hold the answer back for at most so many seconds. */
  public Reply patch(String path, Object body, int waitSeconds) {
    return send("PATCH", path, body, waiting(waitSeconds));
  }

  /** Posts and lets the gateway hold the answer back for at most so many seconds. */
  public Reply post(String path, Object body, int waitSeconds) {
    return send("POST", path, body, waiting(waitSeconds));
  }

  /** Gets and lets the gateway hold the answer back for at most so many seconds. */
  public Reply get(String path, int waitSeconds) {
    return send("GET", path, null, waiting(waitSeconds));
  }

  private static Map<String, String> waiting(int seconds) {
    return Map.of("Prefer", "wait=" + seconds);
  }

  /** Sends any request; a null body is none. */
  Reply send(String method, String path, Object body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + token)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(Json.write(body)));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach(request::header);
    try {
      HttpResponse<byte[]> response =
          HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Reply(response.statusCode(), json(response));
    } catch (IOException e) {
      throw new UncheckedIOException("%s %s failed: %s".formatted(method, path, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaunchException("interrupted", e);
    }
  }

  private static JsonNode json(HttpResponse<byte[]> response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    return type.contains("json") && response.body().length > 0
        ? Json.readTree(response.body())
        : Json.mapper().createObjectNode();
  }
}

package dev.countersign.gateway.http;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Reads from the services behind the gateway, with the caller's own token: they verify it again.
 */
@ApplicationScoped
public class Upstream {
  /** The services. */
  public enum Service {
    APPROVAL,
    STORE
  }

  private final GatewayConfig config;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  public Upstream(GatewayConfig config) {
    this.config = config;
  }

  /** Reads. Fails with a {@link ProblemException} 503 if the service cannot be reached. */
  public CompletableFuture<UpstreamReply> get(Service service, String path, Caller caller) {
    return send(service, "GET", path, caller, null, Map.of());
  }

  /** Sends anything; {@code path} starts with a slash and may carry a query. */
  public CompletableFuture<UpstreamReply> send(
      Service service,
      String method,
      String path,
      Caller caller,
      byte[] body,
      Map<String, String> headers) {
    GatewayConfig.Service target = service == Service.APPROVAL ? config.approval() : config.store();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target.url().toString().replaceAll("/+$", "") + path))
            .timeout(target.timeout())
            .header("Authorization", "Bearer " + caller.token())
            .header("Accept", "application/json, application/problem+json")
            .method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach(request::header);
    return client
        .sendAsync(request.build(), BodyHandlers.ofByteArray())
        .handle(
            (response, failure) -> {
              if (failure != null) {
                throw new CompletionException(away(service));
              }
              return UpstreamReply.of(response);
            });
  }

  /** A path segment or query value, percent-encoded. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static ProblemException away(Service service) {
    return switch (service) {
      case APPROVAL ->
          Problems.unavailable(
              "approval_unavailable", "The approval service does not answer; try again.");
      case STORE ->
          Problems.unavailable("store_unavailable", "The permission store does not answer.");
    };
  }
}

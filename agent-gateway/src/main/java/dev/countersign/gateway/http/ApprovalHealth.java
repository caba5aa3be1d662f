package dev.countersign.gateway.http;

import dev.countersign.gateway.GatewayConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Says whether the approval service is ready. For information: the gateway stays ready without it,
 * as requests then wait in Kafka.
 */
@Readiness
@ApplicationScoped
public class ApprovalHealth implements HealthCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final HttpRequest request;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  public ApprovalHealth(GatewayConfig config) {
    String base = config.approval().url().toString().replaceAll("/+$", "");
    this.request =
        HttpRequest.newBuilder(URI.create(base + "/q/health/ready")).timeout(PATIENCE).build();
  }

  @Override
  public HealthCheckResponse call() {
    String state;
    try {
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      state = status == 200 ? "ready" : "not ready";
    } catch (IOException e) {
      state = "away";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      state = "unknown";
    }
    return HealthCheckResponse.named("approval").up().withData("state", state).build();
  }
}

package dev.countersign.gateway.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.AsyncResult;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/**
 * Counts answers by their status, whoever gave them; health checks are left out. One whose client
 * left before its end is {@code unread}. Paths and methods are the client's words, so they are no
 * labels. Never blocks; thread-safe.
 */
@ApplicationScoped
public class HttpMeters {
  /** Before all filters that may answer themselves. */
  private static final int FIRST = 100_000;

  /** What alerts look at, from zero on: or the first one would be no increase. */
  private static final List<Integer> WATCHED = List.of(200, 401, 403, 429, 500, 503);

  private static final String HEALTH = "/q/health";

  private final MeterProvider<Counter> answers;

  public HttpMeters(MeterRegistry registry) {
    answers =
        Counter.builder("countersign.http.answers")
            .description("Answers by status")
            .withRegistry(registry);
    WATCHED.forEach(status -> counter(status.toString()));
  }

  void register(@Observes Filters filters) {
    filters.register(this::follow, FIRST);
  }

  private void follow(RoutingContext http) {
    if (!asksForHealth(http)) {
      http.addEndHandler(ended -> counter(word(ended, http.response())).increment());
    }
    http.next();
  }

  /** By the address as it is routed, however it was written. */
  private static boolean asksForHealth(RoutingContext http) {
    HttpMethod method = http.request().method();
    return (method == HttpMethod.GET || method == HttpMethod.HEAD)
        && http.normalizedPath().startsWith(HEALTH);
  }

  private static String word(AsyncResult<Void> ended, HttpServerResponse answer) {
    int status = answer.getStatusCode();
    if (ended.failed()) {
      return "unread";
    }
    return status >= 100 && status <= 599 ? Integer.toString(status) : "other";
  }

  private Counter counter(String status) {
    return answers.withTag("status", status);
  }
}

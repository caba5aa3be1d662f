package dev.countersign.meters;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Refuses the browser of anybody at the listener for metrics: Quarkus lets the pages of every site
 * read what it answers there.
 */
@ApplicationScoped
class NoPages {
  /** Browsers send one of these with whatever a page asks for. */
  private static final String[] OF_PAGES = {"Origin", "Sec-Fetch-Site"};

  void register(@Observes ManagementInterface management) {
    management.router().route().order(Integer.MIN_VALUE).handler(NoPages::refuse);
  }

  private static void refuse(RoutingContext http) {
    HttpServerRequest request = http.request();
    for (String header : OF_PAGES) {
      if (request.headers().contains(header)) {
        http.response().setStatusCode(403).end();
        return;
      }
    }
    http.next();
  }
}

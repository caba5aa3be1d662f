package dev.countersign.preflight;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Says with every answer about this service's health what time it is here, see PeerClock. */
@ApplicationScoped
class SaysTheTime {
  private static final String HEALTH = "/q/health";

  /** Larger numbers come first; whatever ends an answer is later. */
  private static final int EARLY = 1000;

  void register(@Observes Filters filters) {
    filters.register(SaysTheTime::say, EARLY);
  }

  private static void say(RoutingContext http) {
    if (http.normalizedPath().startsWith(HEALTH)) {
      http.response()
          .putHeader(
              HttpHeaders.DATE,
              DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
    }
    http.next();
  }
}

package dev.countersign.gateway.bodies;

import dev.countersign.door.BodyReading;
import dev.countersign.door.Door;
import dev.countersign.door.Refusal;
import dev.countersign.door.RefusedException;
import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Problem;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Stands before every address of the API that takes a body. The caller is proven from the headers
 * before a byte of the body is read; then the bytes are counted as they come, however they were
 * announced, against the limit of the address and the {@link BodyBudget}. What is refused is
 * answered with a problem and the connection ends. A sender that does not read its answers gets no
 * more of them made.
 */
@ApplicationScoped
public class BodyGuard {
  private static final int FIRST = 100;
  private static final Set<HttpMethod> WITHOUT_BODY =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final Identity identity;
  private final BodyBudget budget;
  private final Duration patience;

  public BodyGuard(Identity identity, BodyBudget budget, GatewayConfig config) {
    this.identity = identity;
    this.budget = budget;
    this.patience = config.bodies().maxTime();
  }

  void register(@Observes Filters filters) {
    filters.register(this::guard, FIRST);
  }

  private void guard(RoutingContext context) {
    // By the method alone: an address can be written in many ways, and only the API takes bodies.
    boolean body = !WITHOUT_BODY.contains(context.request().method());
    Door.whenRead(context, body, () -> letIn(context, body));
  }

  private void letIn(RoutingContext context, boolean body) {
    HttpServerRequest request = context.request();
    try {
      refuseNul(request.uri());
      if (!body) {
        context.next();
        return;
      }
      Caller caller = identity.caller(request.headers().getAll("Authorization"));
      long limit = BodyLimits.of(request.path(), budget);
      BodyReading.refuseAnnounced(request, limit);
      BodyBudget.Share share = budget.open(caller.holder());
      BodyReading reading = new BodyReading(context, limit, share::add);
      HeldBody.hold(context, share);
      reading.start(patience);
    } catch (ProblemException e) {
      refuse(context, e.problem(), e.headers(), Problems.body(e));
    } catch (RefusedException e) {
      refuse(context, e.problem(), e.headers(), Json.write(e.problem()));
    }
  }

  private static void refuse(
      RoutingContext context, Problem problem, Map<String, String> headers, byte[] body) {
    Refusal.send(context, problem.status(), headers, body, !context.request().isEnded());
  }

  private static void refuseNul(String uri) {
    if (uri.toLowerCase(Locale.ROOT).contains("%00")) {
      throw Problems.of(
          400,
          "invalid_request",
          "The request is not valid.",
          "The address holds the character NUL (%00), which no id and no parameter has.");
    }
  }
}

package dev.countersign.gateway.bodies;

import dev.countersign.door.Door;
import dev.countersign.door.RefusedException;
import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Problem;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Counts answers, each until its last byte is sent: a client that does not read them makes nobody
 * hold them. Only one that changed nothing is refused for its size.
 */
@ApplicationScoped
public class CountedAnswers {
  private static final Set<String> READS = Set.of("GET", "HEAD");

  private final Identity identity;
  private final BodyBudget budget;

  public CountedAnswers(Identity identity, BodyBudget budget) {
    this.identity = identity;
    this.budget = budget;
  }

  @ServerResponseFilter
  public void count(
      ContainerRequestContext request, ContainerResponseContext response, RoutingContext context) {
    if (!(response.getEntity() instanceof byte[] bytes) || bytes.length == 0) {
      return;
    }
    BodyBudget.Share share;
    try {
      share = budget.open(caller(context).holder());
    } catch (ProblemException unproven) {
      // Strangers get what is the same for everybody, and short problems; so does who waited for
      // longer than its token lives.
      return;
    }
    context.addEndHandler(end -> Door.whenSent(context.request(), share::release));
    if (context.response().closed()) {
      // Who left before the answer came gets none, and nothing tells of its end.
      return;
    }
    try {
      if (changesNothing(request, context) && response.getStatus() == 200) {
        share.add(bytes.length);
      } else {
        share.addAnyway(bytes.length);
      }
    } catch (RefusedException e) {
      response.setStatus(e.problem().status());
      response.getHeaders().clear();
      e.headers().forEach(response.getHeaders()::putSingle);
      response.getHeaders().putSingle("Cache-Control", "no-store");
      response.setEntity(Json.write(e.problem()), null, MediaType.valueOf(Problem.MEDIA_TYPE));
    }
  }

  private Caller caller(RoutingContext context) {
    return identity.caller(context.request().headers().getAll("Authorization"));
  }

  private static boolean changesNothing(ContainerRequestContext request, RoutingContext context) {
    return READS.contains(request.getMethod())
        || context.request().path().equals(BodyLimits.EVALUATE_PATH);
  }
}

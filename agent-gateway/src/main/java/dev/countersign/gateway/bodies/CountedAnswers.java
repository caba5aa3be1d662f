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
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Counts answers, each until its last byte is sent: a client that does not read them makes nobody
 * hold them. Of what changed something a small one is given in any case; instead of a large one for
 * which there is no room the client hears with the same status that it was carried out.
 */
@ApplicationScoped
public class CountedAnswers {
  private static final Set<String> READS = Set.of("GET", "HEAD");

  /** What is posted there changes nothing. */
  private static final Set<String> ASKING = Set.of(BodyLimits.EVALUATE_PATH, "/v1/settings/import");

  /** Their answers are stored: the same id gives them again. */
  private static final List<String> DECISIONS = List.of("/v1/hooks/", "/v1/sessions/");

  private static final byte[] LEFT_OUT =
      Json.write(
          Map.of(
              "code",
              "answer_left_out",
              "detail",
              "This was carried out. Its answer is too much to be held now; read what became of"
                  + " it."));

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
    boolean changed = changed(request, response, context);
    boolean asked = response.getStatus() == 200 && !changed;
    if (!asked && bytes.length <= BodyBudget.RESERVE) {
      share.addAnyway(bytes.length);
      return;
    }
    try {
      share.add(bytes.length);
    } catch (RefusedException e) {
      if (changed) {
        share.addAnyway(LEFT_OUT.length);
        response.setEntity(LEFT_OUT, null, MediaType.APPLICATION_JSON_TYPE);
      } else {
        refuse(response, e);
      }
    }
  }

  private static void refuse(ContainerResponseContext response, RefusedException e) {
    response.setStatus(e.problem().status());
    response.getHeaders().clear();
    e.headers().forEach(response.getHeaders()::putSingle);
    response.getHeaders().putSingle("Cache-Control", "no-store");
    response.setEntity(Json.write(e.problem()), null, MediaType.valueOf(Problem.MEDIA_TYPE));
  }

  private Caller caller(RoutingContext context) {
    return identity.caller(context.request().headers().getAll("Authorization"));
  }

  private static boolean changed(
      ContainerRequestContext request, ContainerResponseContext response, RoutingContext context) {
    String path = context.request().path().replaceFirst("/+$", "");
    return response.getStatus() < 300
        && !READS.contains(request.getMethod())
        && !ASKING.contains(path)
        && DECISIONS.stream().noneMatch(path::startsWith)
        && !"true".equals(context.request().getParam("dryRun"));
  }
}

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
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Counts answers, each until its last byte is sent: a client that does not read them makes nobody
 * hold them. What becomes of one for which there is no room is said by {@link AnswerKind}.
 */
@ApplicationScoped
public class CountedAnswers {
  private static final byte[] LEFT_OUT =
      Json.write(
          Map.of(
              "code",
              "answer_left_out",
              "detail",
              "This was carried out. Its answer is too much to be held now: read what became of"
                  + " it, or send the request again under the same id, if it had one."));

  private final Identity identity;
  private final BodyBudget budget;

  public CountedAnswers(Identity identity, BodyBudget budget) {
    this.identity = identity;
    this.budget = budget;
  }

  @ServerResponseFilter
  public void count(
      ContainerRequestContext request, ContainerResponseContext response, RoutingContext context) {
    byte[] bytes = bytes(response);
    if (bytes.length == 0) {
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
    boolean done = response.getStatus() < 300;
    AnswerKind kind =
        AnswerKind.of(
            request.getMethod(),
            context.request().path(),
            "true".equals(context.request().getParam("dryRun")));
    if (bytes.length <= BodyBudget.RESERVE && !(done && kind == AnswerKind.READ)) {
      share.addAnyway(bytes.length);
      return;
    }
    try {
      share.add(bytes.length);
    } catch (RefusedException e) {
      if (done && kind == AnswerKind.CHANGE) {
        share.addAnyway(LEFT_OUT.length);
        response.setEntity(LEFT_OUT, null, MediaType.APPLICATION_JSON_TYPE);
      } else {
        refuse(response, e);
      }
    }
  }

  /** What will be sent; a text is made bytes here, once. */
  private static byte[] bytes(ContainerResponseContext response) {
    if (response.getEntity() instanceof String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      response.setEntity(bytes, null, response.getMediaType());
      return bytes;
    }
    return response.getEntity() instanceof byte[] bytes ? bytes : new byte[0];
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
}

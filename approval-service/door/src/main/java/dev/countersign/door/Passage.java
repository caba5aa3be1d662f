package dev.countersign.door;

import dev.countersign.protocol.Json;
import dev.countersign.protocol.Problem;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayInputStream;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Gives the resources the body that the {@link Door} has read, and counts what they answer. In
 * force in each service that indexes this module.
 */
class Passage {
  private static final Set<String> READS = Set.of("GET", "HEAD");

  @ServerRequestFilter(preMatching = true)
  void handOver(ContainerRequestContext request, RoutingContext context) {
    byte[] body = Door.takeBody(context);
    if (body != null) {
      request.setEntityStream(new ByteArrayInputStream(body));
    }
  }

  /** Only what changed nothing may be refused now. */
  @ServerResponseFilter
  void count(
      ContainerRequestContext request,
      ContainerResponseContext response,
      RoutingContext context,
      ResourceInfo resource) {
    Room.Share share = Door.share(context);
    if (share == null || !(response.getEntity() instanceof byte[] bytes)) {
      return;
    }
    try {
      if (response.getStatus() == 200 && changesNothing(request.getMethod(), resource)) {
        share.grow(bytes.length);
      } else {
        share.growAnyway(bytes.length);
      }
    } catch (RefusedException e) {
      response.setStatus(e.problem().status());
      response.getHeaders().clear();
      e.headers().forEach(response.getHeaders()::putSingle);
      response.setEntity(Json.write(e.problem()), null, MediaType.valueOf(Problem.MEDIA_TYPE));
    }
  }

  private static boolean changesNothing(String verb, ResourceInfo resource) {
    return READS.contains(verb)
        || resource.getResourceMethod().isAnnotationPresent(ChangesNothing.class);
  }
}

package dev.countersign.gateway.bodies;

import dev.countersign.door.BodyReading;
import dev.countersign.door.Door;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Gives the resources the body that {@link BodyReading} has read. */
public class ReadBody {
  @ServerRequestFilter(preMatching = true)
  public void handOver(ContainerRequestContext request, RoutingContext context) {
    byte[] body = Door.takeBody(context);
    if (body != null) {
      request.setEntityStream(new OnceRead(body));
    }
  }
}

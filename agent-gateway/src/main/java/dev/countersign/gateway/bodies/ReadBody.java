package dev.countersign.gateway.bodies;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Gives the resources the body that {@link BodyReading} has read. */
public class ReadBody {
  @ServerRequestFilter(preMatching = true)
  public void handOver(ContainerRequestContext request, RoutingContext context) {
    Buffer body = context.body().buffer();
    if (body != null) {
      request.setEntityStream(new OnceRead(body.getBytes()));
      ((RoutingContextInternal) context).setBody(null);
    }
  }
}

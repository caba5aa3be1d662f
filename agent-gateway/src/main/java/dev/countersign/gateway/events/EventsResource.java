package dev.countersign.gateway.events;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureFailure;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseHeader;

/** What changes in a person's inbox, as it happens. */
@Path("/v1/events")
@Tag(name = "Prompts")
public class EventsResource {
  private final Identity identity;
  private final InboxRing ring;
  private final GatewayConfig.Events config;

  public EventsResource(Identity identity, InboxRing ring, GatewayConfig config) {
    this.identity = identity;
    this.ring = ring;
    this.config = config.events();
  }

  @GET
  @NonBlocking
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @ResponseHeader(name = "Cache-Control", value = "no-store")
  @ResponseHeader(name = "X-Accel-Buffering", value = "no")
  @Operation(
      summary = "Stream a person's prompts and decisions",
      description =
          "Server-sent events: `ready` first, `inbox.changed` with an InboxEvent for every change,"
              + " `resync` when the prompts must be read again. Resume with Last-Event-ID."
              + " Deduplicate by (promptId, rev). An administrator sees the whole tenant, or one"
              + " person with `viewer`.")
  public Multi<OutboundSseEvent> stream(
      @Context HttpHeaders headers,
      @Context Sse sse,
      @HeaderParam("Last-Event-ID") String lastEventId,
      @QueryParam("viewer") String viewer) {
    Caller person = identity.person(headers);
    if (viewer != null && !viewer.equals(person.user()) && !person.isAdmin()) {
      throw Problems.of(
          403, "not_yours", "This inbox is another person's.", "Leave out the parameter viewer.");
    }
    boolean resuming = lastEventId != null && !lastEventId.isBlank();
    return Multi.createFrom()
        .<OutboundSseEvent>emitter(
            out -> {
              InboxStream stream = new InboxStream(sse, person, Optional.ofNullable(viewer), out);
              Cancellable beat =
                  Multi.createFrom()
                      .ticks()
                      .every(config.heartbeat())
                      .onOverflow()
                      .drop()
                      .subscribe()
                      .with(tick -> stream.heartbeat(Instant.now()));
              out.onTermination(
                  () -> {
                    beat.cancel();
                    ring.leave(stream);
                  });
              stream.start(ring, resuming, Position.parse(lastEventId));
            },
            config.clientQueue())
        .onFailure(BackPressureFailure.class)
        .recoverWithItem(
            () ->
                sse.newEventBuilder()
                    .name("resync")
                    .data(String.class, "{\"reason\":\"too_slow\"}")
                    .build());
  }
}

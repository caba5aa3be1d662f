package dev.countersign.gateway.events;

import dev.countersign.door.Door;
import dev.countersign.gateway.http.Problems;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Identity;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;
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
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseHeader;

/** What changes in a person's inbox, as it happens. */
@Path("/v1/events")
@Tag(name = "Prompts")
public class EventsResource {
  private final Identity identity;
  private final OpenStreams open;
  private final InboxStreams streams;

  public EventsResource(Identity identity, OpenStreams open, InboxStreams streams) {
    this.identity = identity;
    this.open = open;
    this.streams = streams;
  }

  @GET
  @NonBlocking
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @ResponseHeader(name = "Cache-Control", value = "no-store")
  @ResponseHeader(name = "X-Accel-Buffering", value = "no")
  @Operation(
      summary = "Stream a person's prompts and decisions",
      description =
          "Server-sent events: `ready` first, `inbox.changed` with `viewer` and `promptId` for every"
              + " change, `resync` when the prompts must be read again; what comes after its id is"
              + " not in them. It says when to read, never what: read"
              + " `GET /v1/prompts/{promptId}`. Resume with Last-Event-ID. An administrator sees"
              + " the whole tenant, or one person with `viewer`. A person may have only so"
              + " many open; one more gets 429.")
  public Multi<OutboundSseEvent> stream(
      @Context HttpHeaders headers,
      @Context RoutingContext http,
      @Context Sse sse,
      @HeaderParam("Last-Event-ID") String lastEventId,
      @QueryParam("viewer") String viewer) {
    Caller person = identity.person(headers);
    if (viewer != null && !viewer.equals(person.user()) && !person.isAdmin()) {
      throw Problems.of(
          403, "not_yours", "This inbox is another person's.", "Leave out the parameter viewer.");
    }
    Runnable end = open.begin(person);
    // Nobody listens to a stream whose client has left before it begins, so it tells of no end.
    Door.whenClosed(http.request(), end);
    return streams
        .open(sse, person, Optional.ofNullable(viewer), lastEventId)
        .onTermination()
        .invoke(end);
  }
}

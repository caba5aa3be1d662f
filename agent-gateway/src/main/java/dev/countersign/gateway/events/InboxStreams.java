package dev.countersign.gateway.events;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.identity.Caller;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Opens streams. What waits for a slow client is bounded: over the bound it is told to read again,
 * with the id to go on from, and disconnected.
 */
@ApplicationScoped
public class InboxStreams {
  private final InboxRing ring;
  private final int queue;
  private final Duration heartbeat;

  @Inject
  public InboxStreams(InboxRing ring, GatewayConfig config) {
    this(ring, config.events().clientQueue(), config.events().heartbeat());
  }

  InboxStreams(InboxRing ring, int queue, Duration heartbeat) {
    this.ring = ring;
    this.queue = queue;
    this.heartbeat = heartbeat;
  }

  /**
   * Ends every stream when the replica begins to stop, so that none is still open when it waits for
   * open requests. Each client is told to read again and goes on at another replica.
   */
  void onStop(@Observes ShutdownDelayInitiatedEvent stopping) {
    ring.close();
  }

  /**
   * A stream.
   *
   * @param only the one person whose inbox it is; empty for all that the viewer may see
   * @param lastEventId where to resume; null or blank to start now
   */
  Multi<OutboundSseEvent> open(Sse sse, Caller viewer, Optional<String> only, String lastEventId) {
    boolean resuming = lastEventId != null && !lastEventId.isBlank();
    // An id that is none of ours resumes from nowhere, which is always too old.
    Optional<Position> from =
        resuming
            ? Optional.of(Position.parse(lastEventId).orElse(new Position(Map.of())))
            : Optional.empty();
    AtomicReference<Position> now = new AtomicReference<>(new Position(Map.of()));
    return Multi.createFrom()
        .<OutboundSseEvent>emitter(
            out -> run(new InboxStream(sse, viewer, only, out, now), out, from), queue)
        .onFailure()
        .recoverWithItem(() -> InboxStream.resync(sse, now.get(), "too_slow"));
  }

  private void run(
      InboxStream stream, MultiEmitter<? super OutboundSseEvent> out, Optional<Position> from) {
    Cancellable beat =
        Multi.createFrom()
            .ticks()
            .startingAfter(heartbeat)
            .every(heartbeat)
            .onOverflow()
            .drop()
            .subscribe()
            .with(tick -> stream.heartbeat(Instant.now()));
    out.onTermination(
        () -> {
          beat.cancel();
          ring.leave(stream);
        });
    stream.start(ring, from);
    if (ring.isClosed()) {
      // It began to listen when the others had been told.
      stream.onRestart();
    }
    if (out.isCancelled()) {
      // It ended before it had begun to listen.
      ring.leave(stream);
    }
  }
}

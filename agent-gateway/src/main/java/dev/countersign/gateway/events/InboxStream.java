package dev.countersign.gateway.events;

import dev.countersign.gateway.identity.Caller;
import dev.countersign.protocol.InboxEvent;
import dev.countersign.protocol.Json;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** One person's stream: their own inbox, or for an administrator every one of the tenant. */
final class InboxStream implements InboxRing.Listener {
  private final Sse sse;
  private final Caller viewer;
  private final Optional<String> only;
  private final MultiEmitter<? super OutboundSseEvent> out;
  private Position position = new Position(Map.of());

  InboxStream(
      Sse sse, Caller viewer, Optional<String> only, MultiEmitter<? super OutboundSseEvent> out) {
    this.sse = sse;
    this.viewer = viewer;
    this.only = only;
    this.out = out;
  }

  /** Starts to read; what arrives meanwhile waits its turn. */
  synchronized void start(InboxRing ring, Optional<Position> from) {
    InboxRing.Start start = ring.listen(from, this);
    position = start.position();
    if (start.stale()) {
      out.emit(event("resync", Map.of("reason", "too_old")));
    } else {
      out.emit(event("ready", Map.of("viewer", viewer.claims().subject())));
    }
    for (InboxRing.Entry entry : start.replay()) {
      onRecord(entry.partition(), entry.offset(), entry.event());
    }
  }

  @Override
  public synchronized void onRecord(int partition, long offset, InboxEvent event) {
    position = position.after(partition, offset);
    if (event != null && mayRead(event)) {
      out.emit(event("inbox.changed", InboxChange.of(event)));
    }
  }

  @Override
  public synchronized void onRestart() {
    out.emit(event("resync", Map.of("reason", "restarted")));
    out.complete();
  }

  /** Says that the stream lives, and moves the client's resume point; ends with the token. */
  synchronized void heartbeat(Instant now) {
    if (now.isAfter(viewer.claims().expiresAt())) {
      out.complete();
      return;
    }
    out.emit(sse.newEventBuilder().id(position.toString()).comment("heartbeat").build());
  }

  /** Tells a client to read its prompts again. */
  static OutboundSseEvent resync(Sse sse, String reason) {
    return sse.newEventBuilder()
        .name("resync")
        .data(String.class, "{\"reason\":\"" + reason + "\"}")
        .build();
  }

  private boolean mayRead(InboxEvent event) {
    return event.tenant().equals(viewer.tenant())
        && (only.isPresent()
            ? event.viewer().equals(only.get())
            : viewer.isAdmin() || event.viewer().equals(viewer.user()));
  }

  private OutboundSseEvent event(String name, Object data) {
    return sse.newEventBuilder()
        .id(position.toString())
        .name(name)
        .data(String.class, new String(Json.write(data), java.nio.charset.StandardCharsets.UTF_8))
        .build();
  }
}

package dev.countersign.gateway.events;

import dev.countersign.gateway.identity.Caller;
import dev.countersign.protocol.Json;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** One person's stream: their own inbox, or for an administrator every one of the tenant. */
final class InboxStream implements InboxRing.Listener {
  /** What is said of a change. */
  private record Changed(String viewer, String promptId) {}

  private final Sse sse;
  private final Caller viewer;
  private final Optional<String> only;
  private final MultiEmitter<? super OutboundSseEvent> out;

  /** Read without this object's lock, which whoever writes to the client must not wait for. */
  private final AtomicReference<Position> now;

  private Position position = new Position(Map.of());

  /**
   * A stream.
   *
   * @param now kept at where the inbox has come to, with whatever is still to be sent
   */
  InboxStream(
      Sse sse,
      Caller viewer,
      Optional<String> only,
      MultiEmitter<? super OutboundSseEvent> out,
      AtomicReference<Position> now) {
    this.sse = sse;
    this.viewer = viewer;
    this.only = only;
    this.out = out;
    this.now = now;
  }

  /** Starts to read; what arrives meanwhile waits its turn. */
  synchronized void start(InboxRing ring, Optional<Position> from) {
    InboxRing.Start start = ring.listen(from, this);
    position = start.position();
    now.set(start.now());
    if (start.stale()) {
      out.emit(resync(sse, position, "too_old"));
    } else {
      out.emit(event("ready", Map.of("viewer", viewer.claims().subject())));
    }
    for (InboxRing.Entry entry : start.replay()) {
      position = position.after(entry.partition(), entry.offset());
      pass(entry.change());
    }
    position = start.now();
  }

  @Override
  public synchronized void onRecord(int partition, long offset, InboxChange change) {
    position = position.after(partition, offset);
    now.set(position);
    if (change != null) {
      pass(change);
    }
  }

  @Override
  public synchronized void onRestart() {
    out.emit(resync(sse, position, "restarted"));
    out.complete();
  }

  /** Says that the stream lives, and moves the client's resume point; ends with the token. */
  synchronized void heartbeat(Instant at) {
    if (at.isAfter(viewer.claims().expiresAt())) {
      out.complete();
      return;
    }
    out.emit(sse.newEventBuilder().id(position.toString()).comment("heartbeat").build());
  }

  /**
   * Tells a client to read its prompts again.
   *
   * @param position where to go on; what came before it is in what the client reads then
   */
  static OutboundSseEvent resync(Sse sse, Position position, String reason) {
    return event(sse, position, "resync", Map.of("reason", reason));
  }

  private void pass(InboxChange change) {
    if (mayRead(change)) {
      out.emit(event("inbox.changed", new Changed(change.viewer(), change.promptId())));
    }
  }

  private boolean mayRead(InboxChange change) {
    return change.tenant().equals(viewer.tenant())
        && (only.isPresent()
            ? change.viewer().equals(only.get())
            : viewer.isAdmin() || change.viewer().equals(viewer.user()));
  }

  private OutboundSseEvent event(String name, Object data) {
    return event(sse, position, name, data);
  }

  private static OutboundSseEvent event(Sse sse, Position position, String name, Object data) {
    return sse.newEventBuilder()
        .id(position.toString())
        .name(name)
        .data(String.class, new String(Json.write(data), StandardCharsets.UTF_8))
        .build();
  }
}

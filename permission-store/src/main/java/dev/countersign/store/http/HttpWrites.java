package dev.countersign.store.http;

import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Identifiers;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.store.document.Change;
import dev.countersign.store.users.Expected;
import dev.countersign.store.users.WriteRequest;
import dev.countersign.store.writing.Writes;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;

/** Writes that come over HTTP: the same writes as everybody's, refusals as problems. */
@ApplicationScoped
class HttpWrites {
  private final Writes writes;
  private final Clock clock;

  HttpWrites(Writes writes, Clock clock) {
    this.writes = writes;
    this.clock = clock;
  }

  /**
   * Carries a change out.
   *
   * @param idempotencyKey the caller's name for this very change, so that it may be sent again;
   *     null if it has none
   */
  Uni<OverrideReply> write(Caller caller, String idempotencyKey, Change change, Expected expected) {
    if (idempotencyKey != null && !Identifiers.isId(idempotencyKey)) {
      throw Problems.exception("invalid_request", "Idempotency-Key " + Identifiers.ID_RULE);
    }
    ChangeSource source =
        change instanceof Change.Restore
            ? new ChangeSource(ChangeSource.Via.RESTORE, caller.person(), null, null)
            : caller.source();
    return writes
        .write(
            new WriteRequest(
                caller.user(),
                idempotencyKey == null ? null : commandId(caller, idempotencyKey),
                change,
                expected,
                source,
                clock.instant()))
        .map(
            written -> {
              if (!written.reply().ok()) {
                throw Problems.refused(written.reply(), written.faults());
              }
              return written.reply();
            });
  }

  /** A key is its sender's choice: it never stands for a command, or for another person's key. */
  private static String commandId(Caller caller, String key) {
    return "http:" + Digest.of(caller.person() + "\n" + key);
  }
}

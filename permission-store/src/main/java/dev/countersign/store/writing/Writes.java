package dev.countersign.store.writing;

import dev.countersign.store.OwnContext;
import dev.countersign.store.StoreConfig;
import dev.countersign.store.publishing.DocumentPublisher;
import dev.countersign.store.users.PermissionWriter;
import dev.countersign.store.users.UserKey;
import dev.countersign.store.users.WriteRequest;
import dev.countersign.store.users.Written;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * The door for every writer: carries a write out, then has the new document published. A user's
 * writes come one after the other and hold one connection, however many there are.
 */
@ApplicationScoped
public class Writes {
  private final PermissionWriter writer;
  private final DocumentPublisher publisher;
  private final OwnContext context;
  private final WriteMeters meters;
  private final Duration patience;
  private final Turns<UserKey> turns;

  Writes(
      PermissionWriter writer,
      DocumentPublisher publisher,
      OwnContext context,
      WriteMeters meters,
      StoreConfig config) {
    this.patience = config.store().patience();
    this.turns = new Turns<>(config.store().waitingPerUser(), patience);
    this.writer = writer;
    this.publisher = publisher;
    this.context = context;
    this.meters = meters;
  }

  /**
   * What became of a write, once it is committed. May be asked for from any thread. Fails also if
   * it takes too long; whether it is committed is then not known. Fails with {@link
   * Turns.CrowdedException}, and nothing is done, where too many of this user wait.
   */
  public Uni<Written> write(WriteRequest request) {
    return turns.take(request.key(), () -> carriedOut(request));
  }

  /**
   * The same for a sender that brings one write of a user at a time: however many others wait, it
   * gets its turn.
   */
  public Uni<Written> writeInTurn(WriteRequest request) {
    return turns.await(request.key(), () -> carriedOut(request));
  }

  private Uni<Written> carriedOut(WriteRequest request) {
    return context
        .run(() -> writer.write(request))
        .ifNoItem()
        .after(patience)
        .fail()
        .invoke(
            written -> {
              if (written.changed()) {
                meters.committed(request.change());
                publisher.kick();
              }
            });
  }
}

package dev.countersign.store.writing;

import dev.countersign.store.OwnContext;
import dev.countersign.store.publishing.DocumentPublisher;
import dev.countersign.store.users.PermissionWriter;
import dev.countersign.store.users.WriteRequest;
import dev.countersign.store.users.Written;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** The door for every writer: carries a write out, then has the new document published. */
@ApplicationScoped
public class Writes {
  private final PermissionWriter writer;
  private final DocumentPublisher publisher;
  private final OwnContext context;

  Writes(PermissionWriter writer, DocumentPublisher publisher, OwnContext context) {
    this.writer = writer;
    this.publisher = publisher;
    this.context = context;
  }

  /** What became of a write, once it is committed. May be asked for from any thread. */
  public Uni<Written> write(WriteRequest request) {
    return context
        .run(() -> writer.write(request))
        .invoke(
            written -> {
              if (written.changed()) {
                publisher.kick();
              }
            });
  }
}

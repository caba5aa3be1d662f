package dev.countersign.store.users;

import dev.countersign.protocol.ChangeSource;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Locale;

/**
 * Gives a user's document a version above one that was published before the database was set back,
 * so that readers, who ignore lower versions, take over what stands here. Takes the user's lock as
 * every writer does.
 */
@ApplicationScoped
public class VersionLift {
  private static final String ACTOR = "permission-store";

  /** Lifts it, unless it has a higher version by now. A user who is not known here is erased. */
  @WithTransaction
  public Uni<Void> lift(UserKey key, long published, Instant now) {
    return UserLocks.lock(key)
        .chain(() -> UserPermissions.<UserPermissions>findById(key))
        .chain(
            found -> {
              if (found != null && found.version > published) {
                return Uni.createFrom().voidItem();
              }
              UserPermissions user = found == null ? UserPermissions.none(key) : found;
              HistoryLine line = line(user, published, now);
              user.version = published + 1;
              user.erased |= found == null;
              if (user.erased) {
                user.erasedVersion = user.version;
              }
              user.updatedAt = now;
              return (found == null ? user.<UserPermissions>persist() : Uni.createFrom().item(user))
                  .chain(() -> line.<HistoryLine>persist())
                  .replaceWithVoid();
            });
  }

  private static HistoryLine line(UserPermissions user, long published, Instant now) {
    HistoryLine line = new HistoryLine();
    line.tenant = user.key.tenant();
    line.user = user.key.user();
    line.version = published + 1;
    line.at = now;
    line.action = "lift";
    line.actor = ACTOR;
    line.via = ChangeSource.Via.RESTORE.name().toLowerCase(Locale.ROOT);
    line.note =
        "version %d was published, and the database, at %d, did not know it"
            .formatted(published, user.version);
    line.before = user.document;
    line.after = user.document;
    return line;
  }
}

package dev.countersign.store.users;

import dev.countersign.document.DocumentText;
import dev.countersign.protocol.ChangeSource;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Locale;

/**
 * Gives a user's document a version above one that was published before the database was set back,
 * so that readers, who ignore lower versions, take over what stands here. What was erased since is
 * erased again, and nobody else is: a lift is no erase. Takes the user's lock as every writer does.
 */
@ApplicationScoped
public class VersionLift {
  private static final String ACTOR = "permission-store";

  /**
   * Lifts it, unless it has a higher version by now. One of a user who is not known here is empty.
   *
   * @param erased the version that the latest erase made, as published; null if there was none
   */
  @WithTransaction
  public Uni<Void> lift(UserKey key, long published, Long erased, Instant now) {
    return UserLocks.lock(key)
        .chain(() -> UserPermissions.<UserPermissions>findById(key))
        .chain(
            found -> {
              if (found != null && found.version > published) {
                return Uni.createFrom().voidItem();
              }
              UserPermissions user = found == null ? UserPermissions.none(key) : found;
              boolean again = isErasedSince(user, erased);
              if (again) {
                user.document = DocumentText.EMPTY;
                user.nextEnd = null;
                user.erasedVersion = erased;
              }
              HistoryLine line = line(user, published, now);
              user.version = published + 1;
              user.erased = false;
              user.updatedAt = now;
              return (found == null ? user.<UserPermissions>persist() : Uni.createFrom().item(user))
                  .chain(() -> again ? Erased.forget(key, now) : Uni.createFrom().voidItem())
                  .chain(() -> line.<HistoryLine>persist())
                  .replaceWithVoid();
            });
  }

  private static boolean isErasedSince(UserPermissions user, Long erased) {
    return erased != null && (user.erasedVersion == null || user.erasedVersion < erased);
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

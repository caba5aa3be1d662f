package dev.countersign.store.users;

import dev.countersign.document.DocumentText;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.Erasure;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * Gives a user's document a version above one that was published before the database was set back,
 * so that readers, who ignore lower versions, take over what stands here. What was erased since is
 * erased again, and nothing else is: a lift is no erase. Takes the user's lock as every writer
 * does.
 */
@ApplicationScoped
public class VersionLift {
  private static final String ACTOR = "permission-store";

  /**
   * Lifts it, unless it has a higher version by now and knows of the erase. One of a user who is
   * not known here is empty.
   *
   * @param erased the latest erase, as published; null if there was none
   */
  @WithTransaction
  public Uni<Void> lift(UserKey key, long published, Erasure erased, Instant now) {
    return UserLocks.lock(key)
        .chain(() -> UserPermissions.<UserPermissions>findById(key))
        .map(found -> found == null ? UserPermissions.none(key) : found)
        .chain(
            user ->
                toErase(user, erased)
                    .chain(
                        erase ->
                            user.version > published && erase == Erase.NOTHING
                                ? Uni.createFrom().voidItem()
                                : lift(user, published, erased, erase, now)));
  }

  /** What an erase that was published asks for here. */
  private enum Erase {
    NOTHING,

    /** The document: it is not known here. */
    AGAIN,

    /**
     * What readers have, and not the document: an erase made here since has the same version, so
     * readers took it for the one that they knew.
     */
    AT_READERS
  }

  /** An erase of before erased versions were noted stands in the history alone. */
  private static Uni<Erase> toErase(UserPermissions user, Erasure erased) {
    if (erased == null || user.erasedVersion != null && user.erasedVersion > erased.version()) {
      return Uni.createFrom().item(Erase.NOTHING);
    }
    if (user.erasedVersion != null && user.erasedVersion == erased.version()) {
      boolean another = Erasure.of(user.erasedVersion, user.erasureId).isOtherThan(erased);
      return Uni.createFrom().item(another ? Erase.AT_READERS : Erase.NOTHING);
    }
    return HistoryLine.count(
            "tenant = ?1 and user = ?2 and action = 'erase' and version >= ?3",
            user.key.tenant(),
            user.key.user(),
            erased.version())
        .map(known -> known == 0 ? Erase.AGAIN : Erase.NOTHING);
  }

  private static Uni<Void> lift(
      UserPermissions user, long published, Erasure erased, Erase erase, Instant now) {
    boolean stored = user.version > 0;
    boolean again = erase == Erase.AGAIN;
    long version = Math.max(user.version, published) + 1;
    HistoryLine line =
        line(user, version, note(user, published, erase == Erase.NOTHING ? null : erased), now);
    if (again) {
      user.document = DocumentText.EMPTY;
      user.nextEnd = null;
    }
    if (erase != Erase.NOTHING) {
      // Readers may have heard of the erase, and taken over since what it had erased.
      boolean known = again && user.version <= published;
      user.erased(known ? erased : new Erasure(version, UUID.randomUUID().toString()));
    }
    line.before = user.document;
    line.after = user.document;
    user.version = version;
    user.erased = false;
    user.updatedAt = now;
    return (stored ? Uni.createFrom().item(user) : user.<UserPermissions>persist())
        .chain(() -> again ? Erased.forget(user.key, now) : Uni.createFrom().voidItem())
        .chain(() -> line.<HistoryLine>persist())
        .replaceWithVoid();
  }

  private static String note(UserPermissions user, long published, Erasure erased) {
    String known = ", and the database, at %d, did not know it".formatted(user.version);
    return erased == null
        ? "version %d was published".formatted(published) + known
        : "version %d was published, with the erase of version %d"
                .formatted(published, erased.version())
            + known;
  }

  private static HistoryLine line(UserPermissions user, long version, String note, Instant now) {
    HistoryLine line = new HistoryLine();
    line.tenant = user.key.tenant();
    line.user = user.key.user();
    line.version = version;
    line.at = now;
    line.action = "lift";
    line.actor = ACTOR;
    line.via = ChangeSource.Via.RESTORE.name().toLowerCase(Locale.ROOT);
    line.note = note;
    return line;
  }
}

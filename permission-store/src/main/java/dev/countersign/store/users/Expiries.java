package dev.countersign.store.users;

import dev.countersign.document.DocumentText;
import dev.countersign.document.Expiry;
import dev.countersign.protocol.UserDocument;
import dev.countersign.store.Workers;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;

/**
 * Takes out of a user's document what was settled until a time that is over: a version of its own,
 * with a line in the history. Runs in the caller's transaction, under the user's lock.
 */
final class Expiries {
  private Expiries() {}

  /**
   * Brings a user up to a moment.
   *
   * @param now by the database's clock
   * @return whether that made a new version
   */
  static Uni<Boolean> expire(UserPermissions user, Instant now) {
    if (user.nextEnd == null || user.nextEnd.isAfter(now)) {
      return Uni.createFrom().item(false);
    }
    String document = user.document;
    return Workers.compute(() -> Left.of(document, now)).chain(left -> store(user, left, now));
  }

  /** What is left of a document. */
  private record Left(String text, List<Expiry.Ended> ended, Instant nextEnd) {
    static Left of(String text, Instant now) {
      UserDocument document = DocumentText.read(text);
      UserDocument left = Expiry.without(document, now);
      return new Left(
          DocumentText.write(left),
          Expiry.ended(document, now),
          Expiry.next(left, now).orElse(null));
    }
  }

  private static Uni<Boolean> store(UserPermissions user, Left left, Instant now) {
    HistoryLine line = History.ended(user, left.ended(), left.text(), now);
    user.version++;
    user.document = left.text();
    user.updatedAt = now;
    user.nextEnd = left.nextEnd();
    return line.<HistoryLine>persist()
        .chain(() -> Panache.getSession().chain(session -> session.flush()))
        .replaceWith(true);
  }
}

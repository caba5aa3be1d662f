package dev.countersign.store.users;

import dev.countersign.document.DocumentText;
import dev.countersign.document.Expiry;
import dev.countersign.protocol.UserDocument;
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
    UserDocument document = DocumentText.read(user.document);
    List<Expiry.Ended> ended = Expiry.ended(document, now);
    UserDocument left = Expiry.without(document, now);
    String text = DocumentText.write(left);
    HistoryLine line = History.ended(user, ended, text, now);
    user.version++;
    user.document = text;
    user.updatedAt = now;
    user.nextEnd = Expiry.next(left, now).orElse(null);
    return line.<HistoryLine>persist()
        .chain(() -> Panache.getSession().chain(session -> session.flush()))
        .replaceWith(true);
  }
}

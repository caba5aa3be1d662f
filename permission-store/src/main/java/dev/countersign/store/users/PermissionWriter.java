package dev.countersign.store.users;

import dev.countersign.document.Expiry;
import dev.countersign.protocol.Erasure;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.store.Workers;
import dev.countersign.store.document.Change;
import dev.countersign.store.document.Documents;
import dev.countersign.store.document.Loosening;
import dev.countersign.store.document.Outcome;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The one way in which a user's document changes. One transaction per write: it takes the user's
 * advisory lock before it reads, so writers of all replicas come one after the other and none is
 * lost; document, version, history line and reply are stored together or not at all.
 */
@ApplicationScoped
public class PermissionWriter {
  /** The stored version is not one the writer has seen. */
  public static final String VERSION_CONFLICT = "version_conflict";

  /** The command's id was used before, for another command. */
  public static final String COMMAND_ID_REUSED = "command_id_reused";

  /** The command came before, and its user has erased their document since. */
  public static final String ERASED = "erased";

  /**
   * Carries out a change, or finds what became of it when its command came before. Fails only where
   * nothing was stored or nothing is known; then the same request can be made again.
   */
  @WithTransaction
  public Uni<Written> write(WriteRequest request) {
    return UserLocks.lock(request.key())
        .chain(
            now ->
                replayed(request)
                    .chain(
                        before ->
                            before != null ? Uni.createFrom().item(before) : change(request, now)));
  }

  /**
   * Takes what a user settled until a time that is over out of the document.
   *
   * @return whether that made a new version
   */
  @WithTransaction
  public Uni<Boolean> expire(UserKey key) {
    return UserLocks.lock(key)
        .chain(
            now ->
                UserPermissions.<UserPermissions>findById(key)
                    .chain(
                        user ->
                            user == null
                                ? Uni.createFrom().item(false)
                                : Expiries.expire(user, now)));
  }

  private Uni<Written> replayed(WriteRequest request) {
    if (request.commandId() == null) {
      return Uni.createFrom().nullItem();
    }
    return CommandResult.<CommandResult>findById(keyOf(request))
        .chain(
            result ->
                result == null
                    ? Uni.createFrom().nullItem()
                    : Workers.compute(() -> replayed(request, result)));
  }

  private static Written replayed(WriteRequest request, CommandResult result) {
    OverrideReply reply;
    if (result.digest.equals(Erased.DIGEST)) {
      reply = Replies.refused(request, 0, ERASED, "what this command settled was erased later");
    } else if (result.digest.equals(request.digest())) {
      reply = Json.read(result.reply, OverrideReply.class);
    } else {
      reply =
          Replies.refused(
              request, 0, COMMAND_ID_REUSED, "this command id was used for another command");
    }
    return new Written(reply, false, List.of());
  }

  private Uni<Written> change(WriteRequest request, Instant now) {
    return UserPermissions.<UserPermissions>findById(request.key())
        .map(found -> found == null ? UserPermissions.none(request.key()) : found)
        .chain(user -> Expiries.expire(user, now).replaceWith(user))
        .chain(
            user -> {
              if (!request.expected().accepts(user.version)) {
                return Uni.createFrom().item(conflict(request, user.version));
              }
              return outcome(request, user, now)
                  .chain(
                      outcome ->
                          outcome instanceof Outcome.Changed changed
                              ? store(request, user, changed, now)
                              : refuse(request, user.version, (Outcome.Refused) outcome));
            });
  }

  private static Uni<Outcome> outcome(WriteRequest request, UserPermissions user, Instant now) {
    String document = user.document;
    if (request.change() instanceof Change.Restore restore) {
      return History.documentAt(request.key(), restore.version())
          .chain(
              text ->
                  Workers.compute(
                      () ->
                          permitted(
                              request,
                              document,
                              Documents.timely(Documents.restore(restore, text, now), now))));
    }
    return Workers.compute(
        () ->
            permitted(
                request,
                document,
                Documents.timely(Documents.apply(request.change(), document, now), now)));
  }

  /** Whoever a document is about may always have it erased, also where that loosens something. */
  private static Outcome permitted(WriteRequest request, String document, Outcome outcome) {
    return outcome instanceof Outcome.Changed changed
            && !request.mayWiden()
            && !(request.change() instanceof Change.Erase)
        ? Loosening.refusal(document, changed.document()).map(Outcome.class::cast).orElse(outcome)
        : outcome;
  }

  /** What follows from a change, worked out before anything is stored. */
  private record Ready(Instant nextEnd, OverrideReply reply, CommandResult result) {}

  private static Ready ready(
      WriteRequest request, long version, Outcome.Changed changed, Instant now) {
    OverrideReply reply = Replies.done(request, version, changed);
    return new Ready(
        Expiry.next(changed.document(), now).orElse(null), reply, result(request, reply));
  }

  private static Uni<Written> store(
      WriteRequest request, UserPermissions user, Outcome.Changed changed, Instant now) {
    long version = user.version + 1;
    return Workers.compute(() -> ready(request, version, changed, now))
        .chain(ready -> store(request, user, changed, ready));
  }

  private static Uni<Written> store(
      WriteRequest request, UserPermissions user, Outcome.Changed changed, Ready ready) {
    HistoryLine line = History.line(request, user, changed);
    user.version++;
    user.document = changed.text();
    user.erased = request.change() instanceof Change.Erase;
    if (user.erased) {
      user.erased(new Erasure(user.version, UUID.randomUUID().toString()));
    }
    user.updatedAt = request.now();
    user.nextEnd = ready.nextEnd();
    return (user.version == 1 ? user.<UserPermissions>persist() : Uni.createFrom().item(user))
        .chain(
            () ->
                user.erased
                    ? Erased.forget(request.key(), request.now())
                    : Uni.createFrom().nullItem())
        .chain(() -> line.<HistoryLine>persist())
        .chain(() -> remember(ready.result()))
        .chain(() -> Panache.getSession().chain(session -> session.flush()))
        .replaceWith(new Written(ready.reply(), true, List.of()));
  }

  private static Uni<Written> refuse(WriteRequest request, long version, Outcome.Refused refused) {
    OverrideReply reply = Replies.refused(request, version, refused.code(), refused.detail());
    if (refused.code().equals(Loosening.NOT_ENTITLED)) {
      // With the role, the same command under the same id is carried out.
      return Uni.createFrom().item(new Written(reply, false, List.of()));
    }
    return Workers.compute(() -> result(request, reply))
        .chain(PermissionWriter::remember)
        .replaceWith(new Written(reply, false, refused.faults()));
  }

  private static Uni<Void> remember(CommandResult result) {
    return result == null ? Uni.createFrom().voidItem() : result.persist().replaceWithVoid();
  }

  /** The reply as it is remembered; null for a writer that never sends twice. */
  private static CommandResult result(WriteRequest request, OverrideReply reply) {
    if (request.commandId() == null) {
      return null;
    }
    CommandResult result = new CommandResult();
    result.key = keyOf(request);
    result.digest = request.digest();
    result.reply = Json.write(reply);
    result.at = request.now();
    return result;
  }

  private static CommandResult.Key keyOf(WriteRequest request) {
    return new CommandResult.Key(request.key().tenant(), request.key().user(), request.commandId());
  }

  private static Written conflict(WriteRequest request, long version) {
    String detail = "the document is at version %d; read it again".formatted(version);
    return new Written(
        Replies.refused(request, version, VERSION_CONFLICT, detail), false, List.of());
  }
}

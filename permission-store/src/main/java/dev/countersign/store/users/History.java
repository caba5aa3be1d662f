package dev.countersign.store.users;

import dev.countersign.document.Expiry;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.store.document.Change;
import dev.countersign.store.document.Outcome;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes and reads the history; runs in the caller's transaction. */
final class History {
  private History() {}

  /** The line for a change that is about to be made to {@code user}. */
  static HistoryLine line(WriteRequest request, UserPermissions user, Outcome.Changed changed) {
    ChangeSource source = request.source();
    HistoryLine line = new HistoryLine();
    line.tenant = request.key().tenant();
    line.user = request.key().user();
    line.version = user.version + 1;
    line.at = request.now();
    line.action = request.change().action();
    line.actor = source.actor();
    line.via = source.via().name().toLowerCase(Locale.ROOT);
    line.promptId = source.promptId();
    line.sessionId = source.sessionId();
    line.note = source.note();
    line.commandId = request.commandId();
    if (request.change() instanceof Change.SetOverride set) {
      line.tool = set.tool();
      line.resource = set.resource();
      line.level = set.level();
    } else if (request.change() instanceof Change.ClearOverride clear) {
      line.tool = clear.tool();
      line.resource = clear.resource();
    }
    if (!(request.change() instanceof Change.Erase)) {
      line.before = user.document;
      line.after = changed.text();
    }
    return line;
  }

  /** The line for what ended by itself. */
  static HistoryLine ended(
      UserPermissions user, List<Expiry.Ended> ended, String after, Instant now) {
    HistoryLine line = new HistoryLine();
    line.tenant = user.key.tenant();
    line.user = user.key.user();
    line.version = user.version + 1;
    line.at = now;
    line.action = "expire";
    line.via = "expired";
    line.note = ended.stream().map(Expiry.Ended::shown).collect(Collectors.joining("; "));
    if (ended.size() == 1) {
      line.tool = ended.get(0).tool();
      line.resource = ended.get(0).resource();
      line.level = ended.get(0).level();
    }
    line.before = user.document;
    line.after = after;
    return line;
  }

  /** The document as it was at a version; null if that version never was, or was erased. */
  static Uni<String> documentAt(UserKey key, long version) {
    return HistoryLine.<HistoryLine>find(
            "tenant = ?1 and user = ?2 and version = ?3 and changesDocument",
            key.tenant(),
            key.user(),
            version)
        .firstResult()
        .map(line -> line == null ? null : line.after);
  }
}

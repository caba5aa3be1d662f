package dev.countersign.store.users;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.document.Names;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.store.document.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes replies; pure. */
public final class Replies {
  private Replies() {}

  static OverrideReply done(WriteRequest request, long version, Outcome.Changed changed) {
    return new OverrideReply(
        request.key().tenant(),
        request.commandId(),
        request.key().user(),
        true,
        "ok",
        null,
        version,
        tree(changed.text()),
        changed.cleared(),
        changed.kept());
  }

  static OverrideReply refused(WriteRequest request, long version, String code, String detail) {
    return refused(
        request.key().tenant(), request.commandId(), request.key().user(), version, code, detail);
  }

  /** A refusal; any of the identifiers may be unknown. */
  public static OverrideReply refused(
      String tenant, String commandId, String user, long version, String code, String detail) {
    return new OverrideReply(
        tenant, commandId, user, false, code, Names.sayable(detail), version, null, List.of());
  }

  /** A stored document as it goes into an event. */
  public static JsonNode tree(String text) {
    return Json.readTree(text.getBytes(StandardCharsets.UTF_8));
  }
}

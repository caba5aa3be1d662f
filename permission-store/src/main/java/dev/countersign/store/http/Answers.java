package dev.countersign.store.http;

import com.fasterxml.jackson.databind.util.RawValue;
import dev.countersign.document.DocumentText;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.UserDocument;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The bodies that succeed. */
final class Answers {
  private Answers() {}

  /** One override. */
  record OverrideView(
      String user, String tool, String resource, String level, String until, long version) {}

  /** Every override of a user, by tool and then resource; the whole tool's first. */
  record OverrideList(String user, long version, List<OverrideView> overrides) {}

  /**
   * What became of an override.
   *
   * @param until null for no end
   * @param cleared narrower {@code always} entries that a broader {@code never} removed
   * @param kept those that it left in place because it was told to
   */
  record OverrideResult(
      String user,
      String tool,
      String resource,
      String level,
      String until,
      long version,
      List<String> cleared,
      List<String> kept) {}

  /** One line of the history. */
  record HistoryEntry(
      long id,
      long version,
      String at,
      String action,
      String actor,
      String via,
      String promptId,
      String sessionId,
      String note,
      String tool,
      String resource,
      String level,
      String commandId,
      RawValue before,
      RawValue after) {}

  /**
   * Lines of a user's history, the newest first.
   *
   * @param next for {@code before}, to read on; null at the end
   */
  record HistoryPage(String user, List<HistoryEntry> entries, Long next) {}

  /** The number of users whose documents are being sent again. */
  record Republishing(long users) {}

  static Response document(OverrideReply reply) {
    UserDocument document = Json.mapper().convertValue(reply.document(), UserDocument.class);
    return document(reply.version(), DocumentText.write(document));
  }

  static Response document(long version, String text) {
    return answer(version, text.getBytes(StandardCharsets.UTF_8));
  }

  static Response json(long version, Object body) {
    return answer(version, Json.write(body));
  }

  static Response accepted(Object body) {
    return Response.accepted(Json.write(body)).type(MediaType.APPLICATION_JSON).build();
  }

  private static Response answer(long version, byte[] body) {
    return Response.ok()
        .header(HttpHeaders.ETAG, ETags.of(version))
        .type(MediaType.APPLICATION_JSON)
        .entity(body)
        .build();
  }
}

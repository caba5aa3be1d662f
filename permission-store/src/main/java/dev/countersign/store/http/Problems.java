package dev.countersign.store.http;

import dev.countersign.document.Fault;
import dev.countersign.document.Names;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.Problem;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Every problem this service can answer with: its code, status and constant title. */
final class Problems {
  private record Kind(int status, String title) {}

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("malformed_json", new Kind(400, "The text is not JSON.")),
          Map.entry("malformed_file", new Kind(400, "The file cannot be read.")),
          Map.entry("unknown_format", new Kind(400, "The file's format is not known.")),
          Map.entry("invalid_user", new Kind(400, "This is no user id.")),
          Map.entry("invalid_request", new Kind(400, "The request cannot be understood.")),
          Map.entry("not_authorised", new Kind(403, "This is another user's.")),
          Map.entry("agents_cannot_answer", new Kind(403, "Agents cannot change permissions.")),
          Map.entry("not_found", new Kind(404, "There is nothing here.")),
          Map.entry("no_import_folder", new Kind(404, "There is no folder to import.")),
          Map.entry("no_override", new Kind(404, "Nothing is settled for this.")),
          Map.entry("unknown_version", new Kind(404, "There is no such version.")),
          Map.entry("text_not_found", new Kind(409, "The old text is not in the document.")),
          Map.entry("ambiguous", new Kind(409, "The old text is in the document repeatedly.")),
          Map.entry("command_id_reused", new Kind(409, "The command id was used before.")),
          Map.entry("erased", new Kind(409, "The user's data was erased since.")),
          Map.entry("version_conflict", new Kind(412, "The document is at another version.")),
          Map.entry("too_large", new Kind(413, "The document is too large.")),
          Map.entry("invalid_document", new Kind(422, "The document cannot be stored.")),
          Map.entry("invalid_override", new Kind(422, "The override cannot be stored.")),
          Map.entry("if_match_required", new Kind(428, "The request needs If-Match.")),
          Map.entry("too_many_requests", new Kind(429, "Too many requests are waiting.")),
          Map.entry("internal_error", new Kind(500, "The service failed.")),
          Map.entry("unavailable", new Kind(503, "The service cannot do this now.")));

  private static final Kind UNAUTHENTICATED = new Kind(401, "The request needs a valid token.");

  private Problems() {}

  static ProblemException exception(String code, String detail) {
    return new ProblemException(of(code, detail, List.of()));
  }

  static ProblemException unauthenticated(String code, String detail) {
    return new ProblemException(
        Problem.of(UNAUTHENTICATED.status(), code, UNAUTHENTICATED.title(), detail));
  }

  static Problem of(String code, String detail, List<Fault> faults) {
    Kind kind = KINDS.getOrDefault(code, KINDS.get("internal_error"));
    List<Problem.FieldError> errors =
        faults.isEmpty()
            ? null
            : faults.stream()
                .map(fault -> new Problem.FieldError(fault.path(), Names.sayable(fault.sentence())))
                .toList();
    URI type = URI.create("urn:countersign:problem:" + code);
    return new Problem(type, kind.title(), kind.status(), Names.sayable(detail), code, errors);
  }

  /** What became of a refused write. */
  static ProblemException refused(OverrideReply reply, List<Fault> faults) {
    String etag = reply.code().equals("version_conflict") ? ETags.of(reply.version()) : null;
    return new ProblemException(of(reply.code(), reply.detail(), faults), etag);
  }
}

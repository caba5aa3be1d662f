package dev.countersign.store.http;

import dev.countersign.store.imports.Format;
import dev.countersign.store.imports.ImportReport;
import dev.countersign.store.imports.Imports;
import dev.countersign.store.imports.ReportText;
import dev.countersign.store.imports.Upload;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/**
 * Takes over what a user settled elsewhere. With {@code dryRun=true} nothing is written; with
 * {@code as=text} the report is for people.
 */
@Path("/internal/users/{user}/permissions/import")
@Consumes(MediaType.WILDCARD)
public class ImportResource {
  private final Callers callers;
  private final Imports imports;

  ImportResource(Callers callers, Imports imports) {
    this.callers = callers;
    this.imports = imports;
  }

  /**
   * Imports the body, a file, into one user's document. A new version is the answer's ETag.
   *
   * @param format its format; guessed if absent
   * @param modified when the file was last changed: a document changed later stays. Absent: it does
   *     not matter
   * @param file its name, for the report
   */
  @POST
  public Uni<Response> one(
      @RestPath String user,
      @RestQuery String format,
      @RestQuery String modified,
      @RestQuery String file,
      @RestQuery @DefaultValue("false") String dryRun,
      @RestQuery @DefaultValue("json") String as,
      @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
      byte[] body) {
    Caller caller = callers.forUser(authorization, user);
    Upload upload =
        new Upload(
            caller.user(),
            file,
            format(format),
            body == null ? new byte[0] : body,
            modified(modified),
            caller.person(),
            caller.mayWiden(),
            Reports.flag(dryRun),
            false);
    boolean text = Reports.asText(as);
    return imports
        .run(upload)
        .map(
            report -> {
              if (report.refused() != null) {
                throw refused(report);
              }
              Response answer = text ? Reports.text(ReportText.of(report)) : Reports.json(report);
              boolean stored = report.changed() && !report.dryRun();
              return stored
                  ? Response.fromResponse(answer)
                      .header(HttpHeaders.ETAG, ETags.of(report.version()))
                      .build()
                  : answer;
            });
  }

  private static Format format(String word) {
    return word == null
        ? null
        : Format.of(word)
            .orElseThrow(
                () -> Problems.exception("unknown_format", "format is one of " + Format.words()));
  }

  private static Instant modified(String text) {
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw Problems.exception(
          "invalid_request", "modified is an instant such as 2030-01-31T12:00:00Z");
    }
  }

  private static ProblemException refused(ImportReport report) {
    return Problems.exception(report.refused(), report.detail());
  }
}

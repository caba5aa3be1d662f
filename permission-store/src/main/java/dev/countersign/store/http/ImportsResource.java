package dev.countersign.store.http;

import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.store.imports.FolderImports;
import dev.countersign.store.imports.ReportText;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestQuery;

/** Takes over what users settled elsewhere, from the folder the service is configured with. */
@Path("/internal/imports")
@Consumes(MediaType.WILDCARD)
public class ImportsResource {
  private static final int MAX = 500;

  private final Callers callers;
  private final FolderImports folder;

  ImportsResource(Callers callers, FolderImports folder) {
    this.callers = callers;
    this.folder = folder;
  }

  /**
   * Imports the folder the service is configured with, some users at a time.
   *
   * @param after the {@code next} of the report before
   */
  @POST
  public Uni<Response> folder(
      @RestQuery @DefaultValue("false") String dryRun,
      @RestQuery @DefaultValue("json") String as,
      @RestQuery String after,
      @RestQuery @DefaultValue("500") int limit,
      @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
    TokenClaims admin = callers.admin(authorization);
    if (!folder.tenant().equals(Optional.of(admin.tenant()))) {
      throw Problems.exception(
          "no_import_folder", "the store was started without countersign.import.folder");
    }
    if (limit < 1 || limit > MAX) {
      throw Problems.exception("invalid_request", "limit is from 1 to " + MAX);
    }
    boolean text = Reports.asText(as);
    return folder
        .run(admin.subject(), Reports.flag(dryRun), after, limit)
        .onFailure(UncheckedIOException.class)
        .transform(
            e ->
                Problems.exception(
                    "no_import_folder",
                    "countersign.import.folder cannot be read: "
                        + e.getCause().getClass().getSimpleName()))
        .map(report -> text ? Reports.text(ReportText.of(report)) : Reports.json(report));
  }
}

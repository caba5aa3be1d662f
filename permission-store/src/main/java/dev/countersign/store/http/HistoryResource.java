package dev.countersign.store.http;

import dev.countersign.document.DocumentText;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.UserDocument;
import dev.countersign.store.users.HistoryLine;
import dev.countersign.store.users.PermissionReader;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** Who changed what of a user's permissions, when and through which way. */
@Path("/internal/users/{user}/history")
public class HistoryResource {
  private static final int MAX = 100;

  private final Callers callers;
  private final PermissionReader reader;

  HistoryResource(Callers callers, PermissionReader reader) {
    this.callers = callers;
    this.reader = reader;
  }

  /** Lists lines, the newest first; {@code before} is the {@code next} of the page before. */
  @GET
  public Uni<Response> list(
      @RestPath String user,
      @RestQuery Long before,
      @RestQuery @DefaultValue("20") int limit,
      @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
    Caller caller = callers.forUser(authorization, user);
    if (limit < 1 || limit > MAX) {
      throw Problems.exception("invalid_request", "limit is from 1 to " + MAX);
    }
    return reader
        .history(caller.user(), before == null ? Long.MAX_VALUE : before, limit)
        .map(lines -> page(user, lines, limit));
  }

  private static Response page(String user, List<HistoryLine> lines, int limit) {
    Long next = lines.size() < limit ? null : lines.get(lines.size() - 1).id;
    return Response.ok(
            Json.write(
                new Answers.HistoryPage(
                    user, lines.stream().map(HistoryResource::entry).toList(), next)))
        .type(MediaType.APPLICATION_JSON)
        .build();
  }

  private static Answers.HistoryEntry entry(HistoryLine line) {
    return new Answers.HistoryEntry(
        line.id,
        line.version,
        line.at.toString(),
        line.action,
        line.actor,
        line.via,
        line.promptId,
        line.sessionId,
        line.note,
        line.tool,
        line.resource,
        line.level,
        line.commandId,
        document(line.before),
        document(line.after));
  }

  private static UserDocument document(String text) {
    return text == null ? null : DocumentText.read(text);
  }
}

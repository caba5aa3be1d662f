package dev.countersign.store.http;

import com.fasterxml.jackson.databind.util.RawValue;
import dev.countersign.protocol.Json;
import dev.countersign.store.OwnContext;
import dev.countersign.store.StoreConfig;
import dev.countersign.store.Workers;
import dev.countersign.store.users.HistoryLine;
import dev.countersign.store.users.PermissionReader;
import dev.countersign.store.users.UserKey;
import dev.countersign.store.writing.Turns;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** Who changed what of a user's permissions, when and through which way. */
@Path("/internal/users/{user}/history")
public class HistoryResource {
  private static final int MAX = 100;

  private final Callers callers;
  private final PermissionReader reader;
  private final OwnContext context;
  private final Duration patience;
  private final Turns<UserKey> turns;

  HistoryResource(
      Callers callers, PermissionReader reader, OwnContext context, StoreConfig config) {
    this.callers = callers;
    this.reader = reader;
    this.context = context;
    this.patience = config.store().patience();
    this.turns = new Turns<>(config.store().waitingPerUser(), patience);
  }

  /**
   * Lists lines, the newest first; {@code before} is the {@code next} of the page before. Where the
   * documents are large a page has fewer lines than asked for. One user's pages are made one after
   * the other.
   */
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
    long from = before == null ? Long.MAX_VALUE : before;
    return turns.take(caller.user(), () -> page(caller.user(), from, limit));
  }

  private Uni<Response> page(UserKey user, long before, int limit) {
    return context
        .run(() -> reader.history(user, before, limit))
        .ifNoItem()
        .after(patience)
        .fail()
        .chain(page -> Workers.compute(() -> answer(user.user(), page)));
  }

  private static Response answer(String user, PermissionReader.Page page) {
    List<Answers.HistoryEntry> entries = page.lines().stream().map(HistoryResource::entry).toList();
    return Response.ok(Json.write(new Answers.HistoryPage(user, entries, page.next())))
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

  /** As it is stored: it was JSON when it was written, whatever can be read today. */
  private static RawValue document(String text) {
    return text == null ? null : new RawValue(text);
  }
}

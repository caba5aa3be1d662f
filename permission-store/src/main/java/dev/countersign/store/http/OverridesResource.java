package dev.countersign.store.http;

import dev.countersign.document.DocumentRules;
import dev.countersign.document.DocumentText;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.UserDocument;
import dev.countersign.store.Workers;
import dev.countersign.store.document.Change;
import dev.countersign.store.document.Documents;
import dev.countersign.store.users.Expected;
import dev.countersign.store.users.PermissionReader;
import dev.countersign.store.users.UserPermissions;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/**
 * What a user settled, tool by tool: a typed view of the same document. Without {@code resource}
 * the whole tool is meant.
 */
@Path("/internal/users/{user}/overrides")
@Consumes(MediaType.WILDCARD)
public class OverridesResource {
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private final Callers callers;
  private final PermissionReader reader;
  private final HttpWrites writes;

  OverridesResource(Callers callers, PermissionReader reader, HttpWrites writes) {
    this.callers = callers;
    this.reader = reader;
    this.writes = writes;
  }

  /** Lists all. */
  @GET
  public Uni<Response> list(
      @RestPath String user, @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
    Caller caller = callers.forUser(authorization, user);
    return reader
        .read(caller.user())
        .chain(now -> Workers.compute(() -> Answers.json(now.version(), views(now))));
  }

  /**
   * Reads one; 404 {@code no_override} if nothing is settled for exactly this.
   *
   * @param effective whether to tell instead what the whole document comes to for it
   * @param cwd for {@code effective}: where relative paths start
   * @param home for {@code effective}: what {@code ~} stands for
   */
  @GET
  @Path("/{tool}")
  public Uni<Response> get(
      @RestPath String user,
      @RestPath String tool,
      @RestQuery String resource,
      @RestQuery boolean effective,
      @RestQuery String cwd,
      @RestQuery String home,
      @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
    Caller caller = callers.forUser(authorization, user);
    DocumentRules.faultOfNames(tool, resource)
        .ifPresent(
            fault -> {
              throw Problems.exception("invalid_override", fault);
            });
    if (effective) {
      absolute("cwd", cwd);
      absolute("home", home);
      return reader
          .readNow(caller.user())
          .chain(
              now ->
                  Workers.compute(
                      () ->
                          Answers.json(
                              now.user().version(),
                              EffectiveView.of(now, tool, resource, cwd, home))));
    }
    return reader.read(caller.user()).chain(now -> Workers.compute(() -> one(now, tool, resource)));
  }

  private static Response one(UserPermissions.Snapshot now, String tool, String resource) {
    return Documents.find(DocumentText.read(now.document()), tool, resource)
        .map(entry -> Answers.json(now.version(), view(now, tool, resource, entry)))
        .orElseThrow(
            () -> Problems.exception("no_override", "nothing is settled for exactly this"));
  }

  private static void absolute(String field, String path) {
    if (path != null && !path.startsWith("/")) {
      throw Problems.exception("invalid_request", field + " must be an absolute path");
    }
  }

  /** Settles one. */
  @PUT
  @Path("/{tool}")
  public Uni<Response> set(
      @RestPath String user,
      @RestPath String tool,
      @RestQuery String resource,
      @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @HeaderParam(IDEMPOTENCY_KEY) String idempotencyKey,
      byte[] body) {
    Caller caller = callers.forUser(authorization, user);
    Expected expected = ETags.optional(ifMatch);
    return Bodies.read(body, Bodies.Level.class)
        .chain(
            level ->
                writes
                    .write(
                        caller,
                        idempotencyKey,
                        new Change.SetOverride(
                            tool, resource, level.level(), level.keepNarrower(), level.until()),
                        expected)
                    .map(reply -> result(reply, tool, resource, level)));
  }

  /** Takes one back; also fine where nothing is settled. */
  @DELETE
  @Path("/{tool}")
  public Uni<Response> clear(
      @RestPath String user,
      @RestPath String tool,
      @RestQuery String resource,
      @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      @HeaderParam(IDEMPOTENCY_KEY) String idempotencyKey) {
    Caller caller = callers.forUser(authorization, user);
    return writes
        .write(
            caller,
            idempotencyKey,
            new Change.ClearOverride(tool, resource),
            ETags.optional(ifMatch))
        .map(reply -> result(reply, tool, resource, new Bodies.Level(null, null, null)));
  }

  private static Response result(
      OverrideReply reply, String tool, String resource, Bodies.Level set) {
    return Answers.json(
        reply.version(),
        new Answers.OverrideResult(
            reply.user(),
            tool,
            resource,
            set.level(),
            set.until(),
            reply.version(),
            reply.cleared(),
            reply.kept()));
  }

  private static Answers.OverrideList views(UserPermissions.Snapshot now) {
    List<Answers.OverrideView> views = new ArrayList<>();
    new TreeMap<>(DocumentText.read(now.document()).tools())
        .forEach(
            (name, tool) -> {
              if (tool.level() != null) {
                views.add(
                    view(now, name, null, new UserDocument.Entry(tool.level(), tool.until())));
              }
              new TreeMap<>(tool.resources())
                  .forEach((resource, entry) -> views.add(view(now, name, resource, entry)));
            });
    return new Answers.OverrideList(now.key().user(), now.version(), views);
  }

  private static Answers.OverrideView view(
      UserPermissions.Snapshot now, String tool, String resource, UserDocument.Entry entry) {
    return new Answers.OverrideView(
        now.key().user(), tool, resource, entry.level(), entry.until(), now.version());
  }
}

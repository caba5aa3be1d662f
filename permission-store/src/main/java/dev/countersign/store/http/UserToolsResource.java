package dev.countersign.store.http;

import dev.countersign.document.DocumentText;
import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.store.Workers;
import dev.countersign.store.tools.SettledTools;
import dev.countersign.store.users.PermissionReader;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import org.jboss.resteasy.reactive.RestPath;

/** The tool catalogue beside what a user settled, for people. */
@Path("/internal/users/{user}/tools")
public class UserToolsResource {
  private final Callers callers;
  private final PermissionReader reader;
  private final Clock clock;

  UserToolsResource(Callers callers, PermissionReader reader, Clock clock) {
    this.callers = callers;
    this.reader = reader;
    this.clock = clock;
  }

  /** Lists all tools that are not hidden, and those the user settled beside the catalogue. */
  @GET
  public Uni<Response> list(
      @RestPath String user, @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization) {
    Caller caller = callers.forUser(authorization, user);
    return reader
        .read(caller.user())
        .chain(
            now ->
                Workers.compute(
                    () ->
                        Answers.json(
                            now.version(),
                            SettledTools.of(
                                ToolCatalogue.inForce(),
                                user,
                                now.version(),
                                DocumentText.read(now.document()),
                                clock.instant()))));
  }
}

package dev.countersign.approval.http;

import dev.countersign.approval.overrides.ProjectionStore;
import dev.countersign.protocol.Json;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/** Which version of a user's document is in force. */
@Path("/internal/users/{user}/document-version")
@Produces(MediaType.APPLICATION_JSON)
public class DocumentVersionResource {
  private final Callers callers;
  private final ProjectionStore projection;

  public DocumentVersionResource(Callers callers, ProjectionStore projection) {
    this.callers = callers;
    this.projection = projection;
  }

  /**
   * A version in force.
   *
   * @param reached whether it is the version that was waited for, or a later one
   */
  record View(String user, long version, boolean reached) {}

  /** Answers once {@code atLeast} is in force, and after two seconds at the latest. */
  @GET
  public byte[] version(
      @HeaderParam("Authorization") String authorization,
      @PathParam("user") String user,
      @QueryParam("atLeast") long atLeast) {
    Caller caller = callers.forUserOrAgent(authorization, user);
    long version = projection.await(caller.tenant(), user, atLeast);
    return Json.write(new View(user, version, version >= atLeast));
  }
}

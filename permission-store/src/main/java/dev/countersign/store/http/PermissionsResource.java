package dev.countersign.store.http;

import dev.countersign.document.DocumentReader;
import dev.countersign.document.InvalidDocumentException;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.protocol.UserDocument;
import dev.countersign.store.Workers;
import dev.countersign.store.document.Change;
import dev.countersign.store.users.Expected;
import dev.countersign.store.users.PermissionReader;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.RestPath;

/**
 * A user's whole document, with its version as {@code ETag}. A user who settled nothing has the
 * empty document at version 0.
 */
@Path("/internal/users/{user}/permissions")
@Consumes(MediaType.WILDCARD)
public class PermissionsResource {
  private final Callers callers;
  private final PermissionReader reader;
  private final HttpWrites writes;

  PermissionsResource(Callers callers, PermissionReader reader, HttpWrites writes) {
    this.callers = callers;
    this.reader = reader;
    this.writes = writes;
  }

  /** Reads it; an agent may, of the user it runs for. */
  @GET
  public Uni<Response> read(
      @RestPath String user,
      @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) String ifNoneMatch) {
    return reader
        .read(callers.readerOf(authorization, user))
        .map(
            now ->
                ETags.matches(ifNoneMatch, now.version())
                    ? Response.notModified()
                        .header(HttpHeaders.ETAG, ETags.of(now.version()))
                        .build()
                    : Answers.document(now.version(), now.document()));
  }

  /** Replaces it; {@code If-Match} must name the version that the writer has read. */
  @PUT
  public Uni<Response> write(
      @RestPath String user,
      @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      byte[] body) {
    Caller caller = callers.forUser(authorization, user);
    Expected expected = ETags.required(ifMatch);
    return Workers.compute(() -> parse(body))
        .chain(document -> writes.write(caller, null, new Change.Write(document), expected))
        .chain(PermissionsResource::answer);
  }

  private static UserDocument parse(byte[] body) {
    try {
      return DocumentReader.read(body);
    } catch (InvalidDocumentException e) {
      throw new ProblemException(Problems.of(e.code(), e.getMessage(), e.faults()));
    }
  }

  /** Replaces one text in it that stands there exactly once. */
  @PATCH
  public Uni<Response> edit(
      @RestPath String user,
      @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      byte[] body) {
    Caller caller = callers.forUser(authorization, user);
    Expected expected = ETags.optional(ifMatch);
    return Bodies.read(body, Bodies.Edit.class)
        .chain(edit -> writes.write(caller, null, change(edit), expected))
        .chain(PermissionsResource::answer);
  }

  private static Change change(Bodies.Edit edit) {
    if (edit.oldText() == null || edit.newText() == null) {
      throw Problems.exception("invalid_request", "send oldText and newText");
    }
    return new Change.Edit(edit.oldText(), edit.newText());
  }

  /** Makes it again what it was at an earlier version. */
  @POST
  @Path("/restore")
  public Uni<Response> restore(
      @RestPath String user,
      @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch,
      byte[] body) {
    Caller caller = callers.forUser(authorization, user);
    Expected expected = ETags.optional(ifMatch);
    return Bodies.read(body, Bodies.Restore.class)
        .chain(
            restore -> writes.write(caller, null, new Change.Restore(restore.version()), expected))
        .chain(PermissionsResource::answer);
  }

  /** Forgets it, and what the history says about it. Versions go on. */
  @DELETE
  public Uni<Response> erase(
      @RestPath String user,
      @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
      @HeaderParam(HttpHeaders.IF_MATCH) String ifMatch) {
    Caller caller = callers.forUser(authorization, user);
    return writes
        .write(caller, null, new Change.Erase(), ETags.optional(ifMatch))
        .chain(PermissionsResource::answer);
  }

  private static Uni<Response> answer(OverrideReply reply) {
    return Workers.compute(() -> Answers.document(reply));
  }
}

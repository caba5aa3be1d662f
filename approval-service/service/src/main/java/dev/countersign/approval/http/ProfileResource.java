package dev.countersign.approval.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.approval.profiles.Person;
import dev.countersign.approval.profiles.ProfileDocument;
import dev.countersign.approval.profiles.ProfileReader;
import dev.countersign.approval.profiles.ProfileRefusedException;
import dev.countersign.approval.profiles.Profiles;
import dev.countersign.approval.profiles.StoredProfile;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.Problem;
import dev.countersign.protocol.token.Roles;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Custom profiles, for persons: agents neither read nor write them. */
@Path("/internal/profiles")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ProfileResource {
  private static final int MAX_BYTES = 256 * 1024;

  private final Callers callers;
  private final Profiles profiles;

  public ProfileResource(Callers callers, Profiles profiles) {
    this.callers = callers;
    this.profiles = profiles;
  }

  /** The profiles that a person may see. */
  record Listing(List<View> profiles) {}

  /**
   * A profile.
   *
   * @param profile its document
   */
  record View(
      String name,
      String owner,
      long version,
      String changedBy,
      Instant changedAt,
      ObjectNode profile) {
    static View of(StoredProfile p) {
      return new View(
          p.name(), p.owner(), p.version(), p.changedBy(), p.changedAt(), p.document().json());
    }
  }

  @GET
  public byte[] list(@HeaderParam("Authorization") String authorization) {
    return Json.write(
        new Listing(profiles.seenBy(person(authorization)).stream().map(View::of).toList()));
  }

  @GET
  @Path("/{name}")
  public Response read(
      @HeaderParam("Authorization") String authorization, @PathParam("name") String name) {
    return response(200, profiles.read(person(authorization), name));
  }

  @PUT
  @Path("/{name}")
  public Response write(
      @HeaderParam("Authorization") String authorization,
      @HeaderParam("If-Match") String ifMatch,
      @HeaderParam("If-None-Match") String ifNoneMatch,
      @PathParam("name") String name,
      byte[] body) {
    Person person = person(authorization);
    if (body != null && body.length > MAX_BYTES) {
      throw new ProblemException(
          413,
          "too_large",
          "The profile is too large",
          "It has %d bytes, the limit is %d.".formatted(body.length, MAX_BYTES));
    }
    ProfileDocument document = ProfileReader.read(body == null ? new byte[0] : body);
    boolean absent = ifNoneMatch != null && ifNoneMatch.strip().equals("*");
    Profiles.Written written =
        profiles.write(person, name, document, ETags.versions(ifMatch), absent);
    return response(written.created() ? 201 : 200, written.profile());
  }

  @DELETE
  @Path("/{name}")
  public Response delete(
      @HeaderParam("Authorization") String authorization,
      @HeaderParam("If-Match") String ifMatch,
      @PathParam("name") String name) {
    profiles.delete(person(authorization), name, ETags.versions(ifMatch));
    return Response.noContent().build();
  }

  private static Response response(int status, StoredProfile profile) {
    return Response.status(status)
        .header("ETag", ETags.of(profile.version()))
        .entity(Json.write(View.of(profile)))
        .build();
  }

  private Person person(String authorization) {
    Caller caller = callers.of(authorization);
    if (caller.agent()) {
      throw new ProblemException(
          403, "wrong_type", "This token does not do here", "Profiles are for persons only.");
    }
    return new Person(
        caller.tenant(),
        caller.subject(),
        caller.admin(),
        caller.claims().roles().contains(Roles.BYPASS));
  }

  @ServerExceptionMapper
  Response refused(ProfileRefusedException e) {
    int status =
        switch (e.code()) {
          case "not_yours", "not_entitled" -> 403;
          case "unknown_profile" -> 404;
          case "version_conflict" -> 412;
          case "if_match_required" -> 428;
          default -> 400;
        };
    Problem problem =
        new Problem(
            URI.create("urn:countersign:problem:" + e.code()),
            "The profile was refused",
            status,
            e.getMessage(),
            e.code(),
            e.errors().isEmpty() ? null : e.errors());
    return Response.status(status).type(Problem.MEDIA_TYPE).entity(Json.write(problem)).build();
  }
}

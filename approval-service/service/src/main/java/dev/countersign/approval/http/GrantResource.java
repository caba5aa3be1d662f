package dev.countersign.approval.http;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.countersign.approval.grants.GrantOrder;
import dev.countersign.approval.grants.GrantQueries;
import dev.countersign.approval.grants.Grants;
import dev.countersign.approval.grants.StoredGrant;
import dev.countersign.protocol.Identifiers;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What people allow for a number of uses, a session or a turn. */
@Path("/internal/users/{user}/grants")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class GrantResource {
  private static final ObjectReader READER =
      Json.mapper().readerFor(Body.class).with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final int MOST = 100;
  private static final Map<String, Boolean> STATES = Map.of("active", false, "dead", true);

  private final Callers callers;
  private final Grants grants;
  private final GrantQueries queries;
  private final UserTurns turns;

  GrantResource(Callers callers, Grants grants, GrantQueries queries, UserTurns turns) {
    this.callers = callers;
    this.grants = grants;
    this.queries = queries;
    this.turns = turns;
  }

  /**
   * What to give.
   *
   * @param keepNarrower goes with an override only; here it must be absent or false
   */
  record Body(
      String level,
      Integer uses,
      String session,
      String turn,
      String until,
      Boolean keepNarrower) {}

  /**
   * A grant.
   *
   * @param state {@code active}, {@code used_up}, {@code expired} or {@code ended}
   * @param reason why it ended, where the state does not say
   */
  record View(
      String id,
      String user,
      String state,
      String reason,
      String level,
      String tool,
      String resource,
      String digest,
      String session,
      String turn,
      Integer uses,
      Integer usesLeft,
      Instant until,
      String requestId,
      String givenBy,
      Instant givenAt,
      String endedBy,
      Instant endedAt) {
    static View of(StoredGrant g) {
      boolean other = g.state().equals("ended");
      return new View(
          g.id(),
          g.user(),
          g.state(),
          other ? g.ended() : null,
          "always",
          g.tool(),
          g.resource(),
          g.digest(),
          g.sessionId(),
          g.turnId(),
          g.uses(),
          g.usesLeft(),
          g.endsAt(),
          g.requestId(),
          g.givenBy(),
          g.givenAt(),
          g.endedBy(),
          g.deadAt());
    }
  }

  /**
   * Grants, the newest first.
   *
   * @param next for {@code before}, to read on; null at the end
   */
  record Page(String user, List<View> grants, Long next) {}

  @PUT
  public byte[] give(
      @HeaderParam("Authorization") String authorization,
      @HeaderParam("Idempotency-Key") String key,
      @PathParam("user") String user,
      @QueryParam("tool") String tool,
      @QueryParam("resource") String resource,
      byte[] body) {
    Caller caller = callers.forUser(authorization, user);
    if (!caller.approver()) {
      throw new ProblemException(
          403,
          "not_entitled",
          "This needs more authority",
          "giving a grant needs the role approver");
    }
    if (key != null && !Identifiers.isId(key)) {
      throw invalid("Idempotency-Key is no identifier");
    }
    Body order = read(body);
    if (Boolean.TRUE.equals(order.keepNarrower())) {
      throw new ProblemException(
          422, "invalid_override", "It cannot be given", "keepNarrower goes only with never");
    }
    GrantOrder wanted =
        new GrantOrder(
            caller.tenant(),
            user,
            tool,
            resource,
            order.level(),
            order.uses(),
            order.session(),
            order.turn(),
            order.until());
    StoredGrant given =
        turns.take(caller.tenant(), user, () -> grants.give(wanted, caller.subject(), key));
    return Json.write(View.of(given));
  }

  private static Body read(byte[] body) {
    try {
      Body read = READER.readValue(body == null ? new byte[0] : body);
      if (read == null) {
        throw new InvalidEventException("$", "must be a JSON object");
      }
      return read;
    } catch (IOException e) {
      throw Json.invalid(e);
    }
  }

  @GET
  public byte[] list(
      @HeaderParam("Authorization") String authorization,
      @PathParam("user") String user,
      @QueryParam("state") String state,
      @QueryParam("before") Long before,
      @QueryParam("limit") @DefaultValue("20") int limit) {
    Caller caller = callers.forUser(authorization, user);
    if (limit < 1 || limit > MOST || state != null && !STATES.containsKey(state)) {
      throw invalid("limit is from 1 to " + MOST + ", state is active or dead");
    }
    List<StoredGrant> found =
        queries.list(
            caller.tenant(),
            user,
            state == null ? null : STATES.get(state),
            before == null ? Long.MAX_VALUE : before,
            limit);
    Long next = found.size() < limit ? null : found.get(found.size() - 1).seq();
    return Json.write(new Page(user, found.stream().map(View::of).toList(), next));
  }

  /**
   * Something that happened to a grant.
   *
   * @param what {@code given}, {@code used_up}, {@code expired}, or why else it ended
   * @param key for {@code key}, with {@code at} for {@code before}, to read on behind it
   */
  record Event(Instant at, String what, String key, View grant) {}

  /** What happened to a user's grants, the latest first. */
  record History(String user, List<Event> events) {}

  @GET
  @Path("/history")
  public byte[] history(
      @HeaderParam("Authorization") String authorization,
      @PathParam("user") String user,
      @QueryParam("before") String before,
      @QueryParam("key") @DefaultValue("") String key,
      @QueryParam("limit") @DefaultValue("20") int limit) {
    Caller caller = callers.forUser(authorization, user);
    if (limit < 1 || limit > MOST) {
      throw invalid("limit is from 1 to " + MOST);
    }
    List<Event> events =
        queries.history(caller.tenant(), user, instant(before), key, limit).stream()
            .map(e -> new Event(e.at(), e.what(), e.key(), View.of(e.grant())))
            .toList();
    return Json.write(new History(user, events));
  }

  private static Instant instant(String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw invalid("before must be an instant");
    }
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(400, "invalid_request", "The request cannot be read", detail);
  }

  @DELETE
  @Path("/{id}")
  public byte[] revoke(
      @HeaderParam("Authorization") String authorization,
      @PathParam("user") String user,
      @PathParam("id") String id) {
    Caller caller = callers.forUser(authorization, user);
    return Json.write(View.of(grants.revoke(caller.tenant(), user, id, caller.subject())));
  }
}

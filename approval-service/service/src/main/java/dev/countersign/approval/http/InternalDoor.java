package dev.countersign.approval.http;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.door.Door;
import dev.countersign.door.RefusedException;
import dev.countersign.door.Room;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.token.TokenClaims;
import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** The door before this service's addresses. */
@ApplicationScoped
class InternalDoor {
  /** Thousands of cases are fine in one evaluation. */
  private static final long EVALUATE = 16L * Json.MAX_REQUEST_BYTES;

  /** One caller, who gets half, may evaluate that many. */
  private static final long LEAST = 2 * EVALUATE;

  private final Callers callers;
  private final Room room;
  private final Door door;

  InternalDoor(Callers callers, ApprovalConfig config) {
    this.callers = callers;
    ApprovalConfig.Http http = config.http();
    this.room =
        new Room(
            Room.Limits.of(
                http.requestsPerCaller(), http.requests(), http.maxBytesInFlight(), LEAST));
    this.door = new Door(this::caller, InternalDoor::limit, http.bodyTime(), room);
  }

  private static long limit(String path) {
    return path.equals("/internal/evaluate") ? EVALUATE : Json.MAX_REQUEST_BYTES;
  }

  void register(@Observes Filters filters) {
    filters.register(door::admit, Door.FIRST);
  }

  /** What is held at the moment. */
  Room room() {
    return room;
  }

  /**
   * All agents of a person are one caller, however many sessions they open; what they use up is not
   * what the person needs.
   */
  private String caller(String authorization) {
    try {
      TokenClaims claims = callers.of(authorization).claims();
      return claims.tenant() + "/" + claims.type() + "/" + claims.person();
    } catch (ProblemException e) {
      throw RefusedException.unproven(e.problem().code(), e.problem().detail());
    }
  }
}

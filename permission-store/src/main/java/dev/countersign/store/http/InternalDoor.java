package dev.countersign.store.http;

import dev.countersign.door.Door;
import dev.countersign.door.RefusedException;
import dev.countersign.door.Room;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.store.StoreConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** The door before this service's addresses. */
@ApplicationScoped
class InternalDoor {
  /** Two documents each way. */
  private static final long LEAST = 4L * Json.MAX_REQUEST_BYTES;

  private final Callers callers;
  private final Room room;
  private final Door door;

  InternalDoor(Callers callers, StoreConfig config) {
    this.callers = callers;
    StoreConfig.Http http = config.http();
    this.room =
        new Room(
            Room.Limits.of(
                http.requestsPerCaller(), http.requests(), http.maxBytesInFlight(), LEAST));
    this.door = new Door(this::caller, path -> Json.MAX_REQUEST_BYTES, http.bodyTime(), room);
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
      TokenClaims claims = callers.proven(authorization);
      return claims.tenant() + "/" + claims.type() + "/" + claims.person();
    } catch (ProblemException e) {
      throw RefusedException.unproven(e.problem().code(), e.problem().detail());
    }
  }
}

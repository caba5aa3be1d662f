package dev.countersign.gateway.http;

import dev.countersign.protocol.Json;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/** Responses in JSON that no cache keeps. */
public final class Replies {
  private Replies() {}

  public static Response json(int status, Object body) {
    return builder(status, body).build();
  }

  /** With a Location. */
  public static Response json(int status, Object body, URI location) {
    return builder(status, body).header("Location", location.toString()).build();
  }

  private static Response.ResponseBuilder builder(int status, Object body) {
    return Response.status(status)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header("Cache-Control", "no-store")
        .entity(Json.write(body));
  }
}

package dev.countersign.gateway.http;

import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;

/** Reads request bodies through the one codec. */
public final class Bodies {
  private Bodies() {}

  /**
   * Reads a body.
   *
   * @throws ProblemException 400 naming field, or line and column; 413 over the limit
   */
  public static <T> T read(byte[] body, Class<T> type) {
    try {
      return Json.read(checked(body), type);
    } catch (InvalidEventException e) {
      throw Problems.invalid(e);
    }
  }

  /**
   * A body that is there and not too large.
   *
   * @throws ProblemException 400 or 413
   */
  public static byte[] checked(byte[] body) {
    if (body == null || body.length == 0) {
      throw Problems.of(
          400, "malformed_json", "The body is not readable JSON.", "A JSON body is required.");
    }
    if (body.length > Json.MAX_REQUEST_BYTES) {
      throw Problems.tooLarge(Json.MAX_REQUEST_BYTES);
    }
    return body;
  }
}

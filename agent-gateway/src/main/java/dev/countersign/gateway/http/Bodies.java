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
    if (body == null || body.length == 0) {
      throw Problems.of(
          400, "malformed_json", "The body is not readable JSON.", "A JSON body is required.");
    }
    if (body.length > Json.MAX_REQUEST_BYTES) {
      throw Problems.tooLarge(Json.MAX_REQUEST_BYTES);
    }
    try {
      return Json.read(body, type);
    } catch (InvalidEventException e) {
      throw Problems.invalid(e);
    }
  }

  /** Reads a body that may be missing. */
  public static <T> T readOr(byte[] body, Class<T> type, T missing) {
    return body == null || body.length == 0 ? missing : read(body, type);
  }
}

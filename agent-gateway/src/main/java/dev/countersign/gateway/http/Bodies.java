package dev.countersign.gateway.http;

import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads request bodies through the one codec. */
public final class Bodies {
  private Bodies() {}

  /**
   * Reads a body.
   *
   * @throws ProblemException 400 naming field, or line and column
   */
  public static <T> T read(byte[] body, Class<T> type) {
    try {
      return Json.read(checked(body), type);
    } catch (InvalidEventException e) {
      throw Problems.invalid(e);
    }
  }

  /**
   * All bytes of a body. Unlike one that is injected as bytes, it is kept by nobody but the caller
   * until the response is sent.
   */
  public static byte[] whole(InputStream body) {
    try {
      return body == null ? new byte[0] : body.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A body that is there.
   *
   * @throws ProblemException 400
   */
  public static byte[] checked(byte[] body) {
    if (body == null || body.length == 0) {
      throw Problems.of(
          400, "malformed_json", "The body is not readable JSON.", "A JSON body is required.");
    }
    return body;
  }
}

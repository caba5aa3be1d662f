package dev.countersign.store.http;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.store.Workers;
import io.smallrye.mutiny.Uni;
import java.io.IOException;

/** Request bodies: as strict as the codec, and unknown keys are refused too. */
final class Bodies {
  private static final ObjectReader READER =
      Json.mapper().reader().with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private Bodies() {}

  /**
   * Settles an override.
   *
   * @param keepNarrower may be absent, which means false
   * @param until RFC 3339 instant after which it no longer counts; null for no end
   */
  record Level(String level, Boolean keepNarrower, String until) {
    Level {
      keepNarrower = keepNarrower != null && keepNarrower;
    }
  }

  /** Replaces a text in the document by another. */
  record Edit(String oldText, String newText) {}

  /** Makes the document what it was. */
  record Restore(long version) {}

  /** Reads one on a worker thread; fails with a problem. */
  static <T> Uni<T> read(byte[] body, Class<T> type) {
    return Workers.compute(() -> readNow(body, type));
  }

  private static <T> T readNow(byte[] body, Class<T> type) {
    try {
      T value = READER.readValue(body == null ? new byte[0] : body, type);
      if (value == null) {
        throw new InvalidEventException("$", "must be a JSON object");
      }
      return value;
    } catch (IOException e) {
      throw problem(Json.invalid(e));
    } catch (InvalidEventException e) {
      throw problem(e);
    }
  }

  private static ProblemException problem(InvalidEventException e) {
    String code = e.field().equals("$") ? "malformed_json" : "invalid_request";
    return Problems.exception(code, e.getMessage());
  }
}

package dev.countersign.gateway.http;

import java.util.UUID;

/** Ids that callers may choose. */
public final class Ids {
  private Ids() {}

  /** The id a caller chose in the body or in the Idempotency-Key header, or a new one. */
  public static String chosen(String field, String inBody, String idempotencyKey) {
    if (inBody != null && idempotencyKey != null && !inBody.equals(idempotencyKey)) {
      throw Problems.invalid(
          "invalid_request", field, field + " and the Idempotency-Key header must be the same");
    }
    if (inBody != null) {
      return inBody;
    }
    return idempotencyKey != null ? idempotencyKey : UUID.randomUUID().toString();
  }
}

package dev.countersign.gateway.requests;

import dev.countersign.protocol.PermissionReply;
import java.time.Instant;

/** Where a request stands, as far as is known. */
public sealed interface RequestStatus {
  /** It is decided; this will not change. */
  record Decided(PermissionReply decision) implements RequestStatus {}

  /** A person is asked. */
  record Asked(String promptId, Instant deadline) implements RequestStatus {}

  /** It is on its way. */
  record Pending() implements RequestStatus {}
}

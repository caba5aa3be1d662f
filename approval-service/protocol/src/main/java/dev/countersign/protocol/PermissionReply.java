package dev.countersign.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * The decision. Stored before it is sent; sent at least once; every copy says the same.
 *
 * @param digest SHA-256 (hex) of the tool call that was decided; an adapter compares it before the
 *     tool runs. Null only where the request could not be read
 * @param code a stable machine-readable word, such as {@code allowed}, {@code denied}, {@code
 *     timeout}, {@code cancelled}, {@code request_id_reused}, {@code session_closed}, {@code
 *     invalid_request}, {@code override_not_stored}
 * @param reason one sentence for the agent; never says that a person approved unless one did
 * @param rule the rule or override that decided; null where none did
 * @param user the person who chose; present exactly when {@code decidedBy} is {@code user}
 * @param feedback what that person wrote; may be null
 * @param editedInput the input to run instead, where a person edited it; else null
 * @param execution where the call runs, if it may; every decision carries it
 * @param unproven whether an opaque program was let through unread
 * @param promptId the prompt that was open for it; null if none was
 * @param decidedAt database time of the decision
 * @param validUntil an allow must not be acted on after this; null on a deny
 */
public record PermissionReply(
    String tenant,
    String sessionId,
    String requestId,
    String digest,
    Effect effect,
    DecidedBy decidedBy,
    String code,
    String reason,
    String rule,
    String user,
    String feedback,
    JsonNode editedInput,
    Execution execution,
    boolean unproven,
    String promptId,
    Instant decidedAt,
    Instant validUntil)
    implements Event {
  public PermissionReply {
    tenant = Require.tenant(tenant);
    effect = Require.present("effect", effect);
    decidedBy = Require.present("decidedBy", decidedBy);
    code = Require.text("code", code, 64);
    reason = Require.text("reason", reason, 4000);
    editedInput = Require.object("editedInput", editedInput);
    if ((decidedBy == DecidedBy.USER) != (user != null)) {
      throw new InvalidEventException("user", "is present exactly when decidedBy is user");
    }
  }

  @Override
  public String key() {
    return requestId;
  }
}

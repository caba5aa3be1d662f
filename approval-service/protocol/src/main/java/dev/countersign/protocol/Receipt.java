package dev.countersign.protocol;

import java.time.Instant;
import java.util.List;

/**
 * The stored record of a decision. Carries the digest of the tool call, never its input. On the
 * topic, which no erase reaches, pseudonyms stand for persons and for the digest, and no text is
 * that of a call, a person or a document.
 *
 * @param user the session's owner
 * @param mode the effective mode at the decision
 * @param trace one line for every layer that was looked at; on the topic the layer's name alone
 */
public record Receipt(
    String tenant,
    String user,
    String tool,
    String mode,
    Fence fence,
    Instant requestedAt,
    PermissionReply decision,
    List<String> trace)
    implements Event {
  public Receipt {
    tenant = Require.tenant(tenant);
    user = Require.user("user", user);
    decision = Require.present("decision", decision);
    trace = Require.list("trace", trace);
  }

  @Override
  public String key() {
    return user;
  }
}

package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Start, set or close a session. Who sent it stands in the signed assertion beside it.
 *
 * <p>Idempotent by {@code commandId}, which belongs to its sender (for an agent: to its session)
 * and stands for exactly one command; another one under it is refused {@code command_id_reused}.
 * Starting a session that exists with the same owner and parent answers with it as it is.
 *
 * @param owner the user it runs for; only with {@code start} and with a {@code close} that may come
 *     first; null means the sender
 * @param parentSessionId only with {@code start}; null for a root session
 */
public record SessionCommand(
    String tenant,
    String commandId,
    String sessionId,
    Action action,
    String owner,
    String parentSessionId,
    SessionSettings settings,
    String reason)
    implements Event {
  /** What to do. */
  public enum Action {
    @JsonProperty("start")
    START,
    @JsonProperty("set")
    SET,
    @JsonProperty("close")
    CLOSE
  }

  public SessionCommand {
    tenant = Require.tenant(tenant);
    commandId = Require.id("commandId", commandId);
    sessionId = Require.id("sessionId", sessionId);
    action = Require.present("action", action);
    owner = owner == null ? null : Require.user("owner", owner);
    parentSessionId =
        parentSessionId == null ? null : Require.id("parentSessionId", parentSessionId);
    settings = settings == null ? SessionSettings.none() : settings;
    reason = Require.optional("reason", reason, 1000);
  }

  @Override
  public String key() {
    return sessionId;
  }
}

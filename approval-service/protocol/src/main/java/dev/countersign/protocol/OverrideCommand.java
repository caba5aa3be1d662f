package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Set or clear what a user settled for a tool, or for one resource of it. Idempotent by {@code
 * commandId}: sent again it changes nothing and gets the same reply.
 *
 * @param resource an exact resource or a pattern; null for the whole tool
 * @param level {@code always}, {@code ask} or {@code never}; null with {@code clear}
 * @param keepNarrower with a broader {@code never}: keep narrower {@code always} entries; absent
 *     means false
 * @param until RFC 3339 instant after which it no longer counts; null for no end
 */
public record OverrideCommand(
    String tenant,
    String commandId,
    String user,
    Action action,
    String tool,
    String resource,
    String level,
    Boolean keepNarrower,
    ChangeSource source,
    String until)
    implements Event {
  /** What to do. */
  public enum Action {
    @JsonProperty("set")
    SET,
    @JsonProperty("clear")
    CLEAR
  }

  /** A command about something without an end. */
  public OverrideCommand(
      String tenant,
      String commandId,
      String user,
      Action action,
      String tool,
      String resource,
      String level,
      Boolean keepNarrower,
      ChangeSource source) {
    this(tenant, commandId, user, action, tool, resource, level, keepNarrower, source, null);
  }

  public OverrideCommand {
    tenant = Require.tenant(tenant);
    commandId = Require.id("commandId", commandId);
    user = Require.id("user", user);
    action = Require.present("action", action);
    tool = Require.text("tool", tool, 256);
    resource = Require.optional("resource", resource, 4096);
    keepNarrower = keepNarrower != null && keepNarrower;
    source = Require.present("source", source);
    until = Require.optional("until", until, 64);
  }

  @Override
  public String key() {
    return user;
  }
}

package dev.countersign.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * Set or clear what a user settled for a tool, or for one resource of it, or write the whole
 * document. Idempotent by {@code commandId}: sent again it changes nothing and gets the same reply.
 *
 * @param tool null with {@code write}
 * @param resource an exact resource or a pattern; null for the whole tool
 * @param level {@code always}, {@code ask} or {@code never}; null with {@code clear} and {@code
 *     write}
 * @param keepNarrower with a broader {@code never}: keep narrower {@code always} entries; absent
 *     means false
 * @param until RFC 3339 instant after which it no longer counts; null for no end
 * @param document with {@code write}: the whole new document
 * @param expectedVersion with {@code write}: the version that it replaces; at any other version the
 *     command is refused {@code version_conflict}
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
    String until,
    JsonNode document,
    Long expectedVersion)
    implements Event {
  /** What to do. */
  public enum Action {
    @JsonProperty("set")
    SET,
    @JsonProperty("clear")
    CLEAR,
    @JsonProperty("write")
    WRITE
  }

  /** Writes the whole document in place of one version of it. */
  public static OverrideCommand write(
      String tenant,
      String commandId,
      String user,
      JsonNode document,
      long expectedVersion,
      ChangeSource source) {
    return new OverrideCommand(
        tenant,
        commandId,
        user,
        Action.WRITE,
        null,
        null,
        null,
        null,
        source,
        null,
        document,
        expectedVersion);
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

  /** Sets or clears. */
  public OverrideCommand(
      String tenant,
      String commandId,
      String user,
      Action action,
      String tool,
      String resource,
      String level,
      Boolean keepNarrower,
      ChangeSource source,
      String until) {
    this(
        tenant,
        commandId,
        user,
        action,
        tool,
        resource,
        level,
        keepNarrower,
        source,
        until,
        null,
        null);
  }

  public OverrideCommand {
    tenant = Require.tenant(tenant);
    commandId = Require.id("commandId", commandId);
    user = Require.user("user", user);
    action = Require.present("action", action);
    tool = Require.optional("tool", tool, 256);
    resource = Require.optional("resource", resource, 4096);
    keepNarrower = keepNarrower != null && keepNarrower;
    source = Require.present("source", source);
    until = Require.optional("until", until, 64);
    document = Require.object("document", document);
  }

  @Override
  public String key() {
    return user;
  }
}

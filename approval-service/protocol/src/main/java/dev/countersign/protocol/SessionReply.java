package dev.countersign.protocol;

/**
 * What became of a session command.
 *
 * @param ok whether it was carried out
 * @param code {@code ok}, or why not: {@code invalid_setting}, {@code not_entitled}, {@code
 *     unknown_session}, {@code session_exists}, {@code session_closed}, {@code not_yours}, {@code
 *     too_many_sessions}, {@code command_id_reused}, {@code newer_schema}
 * @param field the setting at fault; null if none is
 * @param session the session as it now stands; null where there is none to show
 */
public record SessionReply(
    String tenant,
    String commandId,
    String sessionId,
    boolean ok,
    String code,
    String detail,
    String field,
    SessionView session)
    implements Event {
  public SessionReply {
    tenant = Require.tenant(tenant);
    code = Require.text("code", code, 64);
  }

  @Override
  public String key() {
    return sessionId;
  }
}

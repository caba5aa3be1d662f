package dev.countersign.approval.grants;

/**
 * What a person wants to allow for a while, as it was sent.
 *
 * @param user whose calls it is to settle
 * @param resource an exact resource or a pattern; null for the whole tool
 * @param level only {@code always} can be given
 * @param uses how often; null for as often as is wanted
 * @param session in which session; null in every one of the user's
 * @param turn in which turn of that session; null in every one
 * @param until RFC 3339 instant; null for no end
 */
public record GrantOrder(
    String tenant,
    String user,
    String tool,
    String resource,
    String level,
    Integer uses,
    String session,
    String turn,
    String until) {}

package dev.countersign.approval.profiles;

/**
 * The person who looks at profiles or writes them.
 *
 * @param bypass whether they may grant what only {@code bypassPermissions} grants
 */
public record Person(String tenant, String id, boolean admin, boolean bypass) {}

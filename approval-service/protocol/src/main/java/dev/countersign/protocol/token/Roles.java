package dev.countersign.protocol.token;

/** The roles a person's token can carry. */
public final class Roles {
  /** May answer prompts of the sessions they own, and start sessions. */
  public static final String APPROVER = "approver";

  /** May see and set everything of the tenant. */
  public static final String ADMIN = "admin";

  /** May put a session into {@code bypassPermissions}, or grant what only that mode grants. */
  public static final String BYPASS = "bypass";

  private Roles() {}
}

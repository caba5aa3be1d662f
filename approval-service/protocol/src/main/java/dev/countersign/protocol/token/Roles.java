package dev.countersign.protocol.token;

import java.util.Collection;
import java.util.List;

/** The roles a person's token can carry. */
public final class Roles {
  /** May start sessions, set them, and answer the prompts of those they own. */
  public static final String APPROVER = "approver";

  /** May see and set everything of the tenant. */
  public static final String ADMIN = "admin";

  /** May put a session into {@code bypassPermissions}, or grant what only that mode grants. */
  public static final String BYPASS = "bypass";

  /** Every role a person can have. */
  public static final List<String> OF_PERSONS = List.of(APPROVER, ADMIN, BYPASS);

  private Roles() {}

  /** Whether a person with these roles may answer: an admin may whatever an approver may. */
  public static boolean mayAnswer(Collection<String> roles) {
    return roles.contains(APPROVER) || roles.contains(ADMIN);
  }
}

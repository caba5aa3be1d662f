package dev.countersign.policy.tools;

/** The tools that Countersign carries out itself. No catalogue changes what they mean. */
public final class OwnTools {
  /** An agent edits what its user settled; only a person lets such an edit loosen anything. */
  public static final String EDIT_PERMISSIONS = "edit_permissions";

  private OwnTools() {}
}

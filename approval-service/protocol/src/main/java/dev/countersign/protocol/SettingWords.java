package dev.countersign.protocol;

import java.util.List;

/** The words of session settings that come from closed lists. Matched exactly, case included. */
public final class SettingWords {
  /** In the order of authority. */
  public static final List<String> PERMISSION_MODES =
      List.of("plan", "dontAsk", "default", "acceptEdits", "auto", "bypassPermissions");

  /** What an engine may be launched with. */
  public static final List<String> ENGINE_PERMISSION_MODES =
      List.of("auto", "acceptEdits", "plan", "bypassPermissions");

  public static final List<String> APPROVAL_POLICIES =
      List.of("ask_on_boundary", "approve_trusted", "never_ask", "block_requires_approval");

  public static final List<String> EXECUTION_POLICIES =
      List.of("foreground_only", "background_preferred", "fleet_preferred");

  /** A pattern's name stands for the profiles that administrators declare. */
  public static final List<String> PROFILES =
      List.of("read_only", "workspace", "full_access", "external_sandbox", "custom(name)");

  private SettingWords() {}
}

package dev.countersign.gateway.hooks;

import java.util.stream.Stream;

/** Events of Claude Code by their kind, as its documentation names them. */
final class HookEvents {
  /** Where tests of one parameter find {@link #thatOnlyTell}. */
  static final String THAT_ONLY_TELL = "dev.countersign.gateway.hooks.HookEvents#thatOnlyTell";

  private HookEvents() {}

  /** Those that ask for no decision. */
  static Stream<String> thatOnlyTell() {
    return Stream.of(
        "SessionStart",
        "UserPromptSubmit",
        "PostToolUse",
        "PostToolUseFailure",
        "Stop",
        "SessionEnd");
  }
}

package dev.countersign.store.http;

import dev.countersign.document.DocumentText;
import dev.countersign.policy.EffectiveLevel;
import dev.countersign.policy.OverrideLevel;
import dev.countersign.store.effective.EffectiveLevels;
import dev.countersign.store.users.PermissionReader;

/**
 * What a user's document comes to for a tool or one resource of it.
 *
 * @param level null if nothing settles it
 * @param source {@code override_exact}, {@code override_pattern}, {@code override_tool}, {@code
 *     rule}, {@code catalogue} or {@code mode}
 * @param entry the override or rule behind it, as written
 * @param because the same in one sentence
 */
record EffectiveView(
    String user,
    String tool,
    String resource,
    String level,
    String source,
    String entry,
    String because,
    long version) {

  static EffectiveView of(
      PermissionReader.Moment now, String tool, String resource, String cwd, String home) {
    EffectiveLevel found =
        EffectiveLevels.of(
            DocumentText.read(now.user().document()), tool, resource, cwd, home, now.now());
    return new EffectiveView(
        now.user().key().user(),
        tool,
        resource,
        found.level() == null ? null : found.level().word(),
        found.source().word(),
        found.entry(),
        because(found.source(), found.level(), found.entry()),
        now.user().version());
  }

  private static String because(EffectiveLevel.Source source, OverrideLevel level, String entry) {
    return switch (source) {
      case OVERRIDE_EXACT, OVERRIDE_PATTERN, OVERRIDE_TOOL ->
          "The user settled " + entry + ": " + level.word() + ".";
      case RULE -> "The user's rule " + entry + " says " + level.word() + ".";
      case CATALOGUE -> "It is this tool's default: " + level.word() + ".";
      case MODE -> "Nothing is settled for it; the session's mode decides.";
    };
  }
}

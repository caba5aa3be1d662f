package dev.countersign.approval.sessions;

import dev.countersign.policy.PermissionMode;
import dev.countersign.protocol.Engine;
import dev.countersign.protocol.SessionSettings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The mode a session starts in, and where it came from: the session's own word, then the engine's,
 * then what the engine's tools suggest, then the deployment's, then {@code default}.
 */
record ModeChoice(PermissionMode mode, String source) {
  private static final Set<String> READING =
      Set.of("read", "grep", "glob", "ls", "list", "search", "notebookread", "todowrite", "think");

  static ModeChoice of(SessionSettings settings, Optional<String> deployment) {
    if (settings.permissionMode() != null) {
      return new ModeChoice(mode("permissionMode", settings.permissionMode()), "session");
    }
    Engine engine = settings.engine();
    if (engine != null && engine.permissionMode() != null) {
      return new ModeChoice(mode("engine.permissionMode", engine.permissionMode()), "engine");
    }
    if (engine != null && onlyReads(engine)) {
      return new ModeChoice(PermissionMode.PLAN, "engine_tools");
    }
    return deployment
        .flatMap(PermissionMode::of)
        .map(mode -> new ModeChoice(mode, "deployment"))
        .orElse(new ModeChoice(PermissionMode.DEFAULT, "default"));
  }

  /**
   * Tools can only suggest less: an engine that has nothing but reading tools plans. Entries that
   * infrastructure injects ({@code bash: ["*"]}) say nothing about the engine.
   */
  private static boolean onlyReads(Engine engine) {
    List<String> own =
        engine.tools().stream()
            .map(tool -> tool.replaceAll("\\(.*", "").strip().toLowerCase(Locale.ROOT))
            .filter(tool -> !tool.contains(":"))
            .toList();
    return !own.isEmpty() && READING.containsAll(own);
  }

  private static PermissionMode mode(String field, String word) {
    return PermissionMode.of(word)
        .orElseThrow(
            () ->
                new RefusedException(
                    "invalid_setting", field, "must be one of " + PermissionMode.words()));
  }
}

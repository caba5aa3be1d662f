package dev.countersign.approval.sessions;

import dev.countersign.approval.policies.Standing;
import dev.countersign.policy.PermissionMode;
import dev.countersign.protocol.Engine;
import dev.countersign.protocol.SessionSettings;
import java.util.Optional;
import java.util.Set;

/**
 * The mode a session starts in, and where it came from: the session's own word, then the engine's,
 * then what the engine's tools suggest, then the deployment's, then {@code default}.
 */
record ModeChoice(PermissionMode mode, String source) {
  static final String SESSION = "session";

  /** The sources of a mode that somebody chose for the session itself. */
  static final Set<String> BY_A_PERSON = Set.of(SESSION, Standing.APPROVED_PLAN);

  static ModeChoice of(SessionSettings settings, Optional<String> deployment) {
    if (settings.permissionMode() != null) {
      return new ModeChoice(mode(settings.permissionMode()), SESSION);
    }
    return ofEngine(settings.engine())
        .or(
            () ->
                deployment
                    .flatMap(PermissionMode::of)
                    .map(mode -> new ModeChoice(mode, "deployment")))
        .orElse(new ModeChoice(PermissionMode.DEFAULT, "default"));
  }

  /** What an engine says, or its tools suggest; empty if it says nothing. */
  static Optional<ModeChoice> ofEngine(Engine engine) {
    if (engine != null && engine.permissionMode() != null) {
      return Optional.of(new ModeChoice(mode(engine.permissionMode()), "engine"));
    }
    return engine == null || engine.tools() == null
        ? Optional.empty()
        : Optional.of(new ModeChoice(ToolsHint.of(engine), "engine_tools"));
  }

  /** The setting it came from, for an error. */
  String field() {
    return switch (source) {
      case "engine" -> "engine.permissionMode";
      case "engine_tools" -> "engine.tools";
      default -> "permissionMode";
    };
  }

  private static PermissionMode mode(String word) {
    return PermissionMode.of(word).orElseThrow();
  }
}

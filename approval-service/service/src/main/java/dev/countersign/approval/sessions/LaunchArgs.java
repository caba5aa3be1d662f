package dev.countersign.approval.sessions;

import dev.countersign.protocol.Engine;
import dev.countersign.protocol.SessionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The final argument list of an engine: exactly one permission flag, and none that would undo what
 * was decided.
 *
 * @param warnings what was removed, by name
 */
record LaunchArgs(List<String> args, List<String> warnings) {
  /** Flags that take a value. */
  private static final Map<String, Set<String>> WITH_VALUE =
      Map.of(
          "claude-code",
          Set.of(
              "--permission-mode",
              "--settings",
              "--setting-sources",
              "--allowedTools",
              "--allowed-tools",
              "--permission-prompt-tool"),
          "codex",
          Set.of("--ask-for-approval", "-a", "--sandbox", "-s"),
          "gemini-cli",
          Set.of("--approval-mode", "--allowed-tools"));

  /** Flags that stand alone. */
  private static final Map<String, Set<String>> ALONE =
      Map.of(
          "claude-code",
          Set.of("--dangerously-skip-permissions", "--allow-dangerously-skip-permissions"),
          "codex",
          Set.of("--yolo", "--full-auto", "--dangerously-bypass-approvals-and-sandbox"),
          "gemini-cli",
          Set.of("--yolo", "-y"));

  static LaunchArgs of(SessionSettings settings) {
    Engine engine = settings.engine();
    if (engine == null) {
      return new LaunchArgs(List.of(), List.of());
    }
    List<String> kept = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    List<String> args = engine.args();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      String flag = arg.contains("=") ? arg.substring(0, arg.indexOf('=')) : arg;
      boolean valued = of(WITH_VALUE, engine).contains(flag);
      if (valued || of(ALONE, engine).contains(flag)) {
        warnings.add("argument " + flag + " was removed: permissions are decided here");
        i += valued && !arg.contains("=") ? 1 : 0;
      } else if (codexConfig(engine, args, i)) {
        warnings.add("argument -c " + args.get(i + 1) + " was removed");
        i++;
      } else {
        kept.add(arg);
      }
    }
    if ("claude-code".equals(engine.id())) {
      kept.add("--permission-mode");
      kept.add(settings.permissionMode());
    }
    return new LaunchArgs(kept, warnings);
  }

  private static boolean codexConfig(Engine engine, List<String> args, int i) {
    return "codex".equals(engine.id())
        && (args.get(i).equals("-c") || args.get(i).equals("--config"))
        && i + 1 < args.size()
        && args.get(i + 1).matches("\\s*(approval_policy|sandbox_mode|sandbox_).*");
  }

  private static Set<String> of(Map<String, Set<String>> flags, Engine engine) {
    return flags.getOrDefault(String.valueOf(engine.id()), Set.of());
  }
}

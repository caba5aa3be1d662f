package dev.countersign.approval.launch;

import dev.countersign.policy.EffectivePermissions;
import java.util.List;
import java.util.Set;

/**
 * Claude Code. Denies ({@code --disallowedTools}) and a smaller set of tools ({@code --tools}) only
 * tighten, so they stay.
 */
final class ClaudeCode implements CommandLine {
  private static final Set<String> ALONE = Set.of("--bare", "--safe-mode", "--enable-auto-mode");
  private static final Set<String> WITH_VALUE =
      Set.of(
          "--permission-mode",
          "--setting-sources",
          "--managed-settings",
          "--permission-prompt-tool");
  private static final Set<String> WITH_VALUES = Set.of("--allowedTools", "--allowed-tools");

  @Override
  public List<String> flag(EffectivePermissions decided) {
    return List.of("--permission-mode", decided.mode().word());
  }

  @Override
  public int smuggled(List<String> args, int at, EffectivePermissions decided) {
    Argument arg = Argument.of(args, at);
    String name = arg.name();
    if (WITH_VALUE.contains(name)) {
      return arg.withValue();
    }
    if (WITH_VALUES.contains(name) || name.equals("--dangerously-load-development-channels")) {
      return arg.withValues();
    }
    if (ALONE.contains(name) || name.matches("--(allow-)?dangerously-.*")) {
      return 1;
    }
    boolean kept =
        switch (name) {
          case "--settings" -> InlineJson.tightens(arg.value());
          case "--agents" -> InlineJson.namesNoPermissions(arg.value());
          case "--add-dir" ->
              arg.values().stream().allMatch(d -> Folders.inside(decided.roots(), d));
          default -> true;
        };
    return kept ? 0 : name.equals("--add-dir") ? arg.withValues() : arg.withValue();
  }
}

package dev.countersign.approval.launch;

import dev.countersign.policy.EffectivePermissions;
import dev.countersign.policy.PermissionMode;
import java.util.List;
import java.util.Set;

/** opencode. It has a flag for its widest way and an agent that plans; nothing in between. */
final class Opencode implements CommandLine {
  private static final Set<String> ALONE = Set.of("auto", "yolo", "dangerously-skip-permissions");

  @Override
  public List<String> flag(EffectivePermissions decided) {
    return switch (decided.mode()) {
      case PLAN -> List.of("--agent=plan");
      case DONT_ASK, DEFAULT, ACCEPT_EDITS, AUTO -> List.of();
      case BYPASS_PERMISSIONS -> List.of("--auto=true");
    };
  }

  @Override
  public int smuggled(List<String> args, int at, EffectivePermissions decided) {
    Argument arg = Argument.of(args, at);
    String name = Yargs.name(arg);
    if (ALONE.contains(name)) {
      return arg.withSwitch();
    }
    boolean another = name.equals("agent") && decided.mode() == PermissionMode.PLAN;
    return another ? arg.withPlainValue() : 0;
  }
}

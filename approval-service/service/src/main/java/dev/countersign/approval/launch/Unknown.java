package dev.countersign.approval.launch;

import dev.countersign.policy.EffectivePermissions;
import java.util.List;
import java.util.Set;

/** An engine nobody knows here: it gets no flag, and none that is a permission flag elsewhere. */
final class Unknown implements CommandLine {
  private static final Set<String> WITH_VALUE =
      Set.of(
          "--permission-mode",
          "--permission-prompt-tool",
          "--approval-mode",
          "--ask-for-approval",
          "--allowedTools",
          "--allowed-tools");
  private static final Set<String> ALONE = Set.of("--yolo", "--full-auto", "--approve-for-me");

  @Override
  public List<String> flag(EffectivePermissions decided) {
    return List.of();
  }

  @Override
  public int smuggled(List<String> args, int at, EffectivePermissions decided) {
    Argument arg = Argument.of(args, at);
    if (WITH_VALUE.contains(arg.name())) {
      return arg.withPlainValue();
    }
    return ALONE.contains(arg.name()) || arg.name().matches("--(allow-)?dangerously-.*") ? 1 : 0;
  }
}

package dev.countersign.approval.launch;

import dev.countersign.policy.EffectivePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Gemini CLI. */
final class GeminiCli implements CommandLine {
  private static final Set<String> WITH_VALUE =
      Set.of("approval-mode", "allowed-tools", "policy", "admin-policy");

  @Override
  public List<String> flag(EffectivePermissions decided) {
    String mode =
        switch (decided.mode()) {
          case PLAN -> "plan";
          case DONT_ASK, DEFAULT -> "default";
          case ACCEPT_EDITS, AUTO -> "auto_edit";
          case BYPASS_PERMISSIONS -> "yolo";
        };
    return List.of("--approval-mode=" + mode);
  }

  @Override
  public int smuggled(List<String> args, int at, EffectivePermissions decided) {
    Argument arg = Argument.of(args, at);
    String name = Yargs.name(arg);
    if (WITH_VALUE.contains(name)) {
      return arg.withPlainValue();
    }
    if (Set.of("yolo", "y").contains(name) || Yargs.cluster(arg, 'y')) {
      return arg.withSwitch();
    }
    boolean noSandbox = arg.name().startsWith("--no-") || arg.value().equals("false");
    if ((name.equals("sandbox") || name.equals("s")) && noSandbox) {
      return arg.withSwitch();
    }
    boolean outside =
        name.equals("include-directories")
            && !Arrays.stream(arg.value().split(","))
                .allMatch(folder -> Folders.inside(decided.roots(), folder.strip()));
    return outside ? arg.withPlainValue() : 0;
  }
}

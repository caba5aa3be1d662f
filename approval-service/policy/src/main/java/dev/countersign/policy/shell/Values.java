package dev.countersign.policy.shell;

/** Looks into values of options that are themselves commands: {@code tar --to-command=…}. */
final class Values {
  private final Walker walker;

  Values(Walker walker) {
    this.walker = walker;
  }

  void look(Call call) {
    Frame inner = null;
    for (String command : KnownCommands.commands(call)) {
      if (inner == null) {
        inner = call.frame().inside(call.words()).notAllowable("run by an option");
      }
      if (!command.isBlank()) {
        walker.script(command, inner, call.scope().subshell(), true);
      }
    }
  }
}

package dev.countersign.policy;

import dev.countersign.policy.parts.CommandText;
import dev.countersign.policy.parts.Subcommands;
import java.util.List;
import java.util.Set;

/** How a command is named when a person settles it for good: {@code git push *}, {@code make x}. */
final class CommandPrefix {
  /** Subcommands that run what follows them. */
  private static final Set<String> RUNNERS =
      Set.of("exec", "dlx", "x", "run", "filter-branch", "bisect", "rebase", "config", "alias");

  /** Programs that run other programs or whatever text they are given. */
  private static final Set<String> NEVER =
      Set.of(
          "sh",
          "bash",
          "zsh",
          "dash",
          "ksh",
          "fish",
          "csh",
          "tcsh",
          "busybox",
          "pwsh",
          "powershell",
          "cmd",
          "python",
          "python2",
          "python3",
          "pypy",
          "node",
          "deno",
          "perl",
          "ruby",
          "php",
          "lua",
          "R",
          "Rscript",
          "tclsh",
          "osascript",
          "awk",
          "gawk",
          "mawk",
          "sed",
          "sudo",
          "doas",
          "su",
          "env",
          "xargs",
          "eval",
          "exec",
          "source",
          ".",
          "command",
          "builtin",
          "timeout",
          "time",
          "nice",
          "nohup",
          "stdbuf",
          "setsid",
          "ionice",
          "chroot",
          "watch",
          "parallel",
          "find",
          "ssh",
          "npx",
          "pnpx",
          "bunx",
          "uvx",
          "uv",
          "script",
          "strace",
          "ltrace",
          "gdb",
          "flock",
          "unshare",
          "nsenter",
          "trap",
          "vim",
          "vi",
          "ed",
          "emacs",
          "nano",
          "ash",
          "expect",
          "groovy",
          "gtimeout",
          "ipython",
          "irb",
          "jshell",
          "julia",
          "luajit",
          "nawk",
          "nodejs",
          "pipx",
          "pkexec",
          "run0",
          "runuser",
          "toybox",
          "ts-node",
          "tsx");

  private CommandPrefix() {}

  /** Whether a program runs other programs or whatever text it is given. */
  static boolean runsOthers(String program) {
    return NEVER.contains(program);
  }

  /** The resource to store; null if this command should never be settled for good. */
  static String of(CommandText command) {
    List<String> words = command.words();
    if (words.isEmpty()
        || !command.allowable()
        || command.exactOnly()
        || NEVER.contains(command.program())
        || words.stream().anyMatch(w -> !w.matches("[A-Za-z0-9_./:=@%+,~-]+"))) {
      return null;
    }
    String whole = String.join(" ", words);
    Set<String> deeper = Subcommands.of(words.get(0));
    if (deeper == null || words.size() < 2 || !name(words.get(1))) {
      return whole.length() > 200 ? null : whole;
    }
    int length = deeper.contains(words.get(1)) && words.size() > 2 && name(words.get(2)) ? 3 : 2;
    if (length == 2 && RUNNERS.contains(words.get(1)) || words.size() == length) {
      return whole.length() > 200 ? null : whole;
    }
    return String.join(" ", words.subList(0, length)) + " *";
  }

  private static boolean name(String word) {
    return word.matches("[a-z][a-z0-9:_-]*");
  }
}

package dev.countersign.store.imports;

import dev.countersign.policy.RuleEffect;
import java.util.List;

/**
 * One line of opencode's {@code permission}.
 *
 * @param key the permission it is about
 * @param pattern of what the tool is called with
 * @param action what the file says is to be done
 * @param agent the only agent it holds for; null for all
 * @param obstacle why it cannot be carried over, whatever it is about; null if it might
 */
record OpencodeLine(
    int line,
    String key,
    String pattern,
    RuleEffect effect,
    String action,
    String agent,
    String obstacle) {
  private static final List<String> READS = List.of("read", "glob", "grep", "list");

  /** Programs that opencode asks about when they reach out of the project. */
  private static final List<String> REACHING =
      List.of("cd", "rm", "cp", "mv", "mkdir", "touch", "chmod", "chown", "cat");

  private static final String IN_COMMANDS = "here also when a command does it";

  /**
   * What it means.
   *
   * @param outside whether tools may reach out of the project without being asked about that
   */
  Clause clause(boolean outside) {
    if (obstacle != null) {
      return obstructed(obstacle);
    }
    if (READS.contains(key) && effect == RuleEffect.ALLOW) {
      return obstructed("reading inside the project needs no rule here");
    }
    return switch (key) {
      case "bash" -> command(outside);
      case "edit" -> files("Edit", outside);
      case "read" -> whole() ? named("read") : files("Read", outside);
      case "webfetch" -> whole() ? named("WebFetch") : text("WebFetch", "url:");
      case "task" -> whole() ? named("Agent") : text("Agent", "");
      case "skill" -> whole() ? named("skill") : text("skill", "name:");
      case "external_directory" ->
          obstructed("which folders a session works in is set when it starts");
      case "doom_loop" -> obstructed("repeated calls are not looked for here");
      default -> {
        if (!whole()) {
          yield obstructed("what this tool is called with cannot be compared here");
        }
        yield key.indexOf('?') >= 0
            ? obstructed("? cannot stand in a tool's name here")
            : named(key);
      }
    };
  }

  private boolean whole() {
    return pattern.matches("\\*+");
  }

  private Clause command(boolean outside) {
    boolean loose = effect == RuleEffect.ALLOW && !outside;
    if (whole()) {
      return loose
          ? obstructed("opencode asks before a command reaches out of the project; name programs")
          : rule("Bash", Clause.ANY, "Bash", List.of(new Clause.Target("bash", null)), null);
    }
    boolean open = pattern.indexOf('?') >= 0;
    if (open && effect == RuleEffect.ALLOW) {
      return obstructed("? cannot stand for one character here");
    }
    String glob = pattern.replace('?', '*');
    List<String> reach = Commands.spaced(glob);
    if (loose && REACHING.stream().anyMatch(p -> Globs.meet(reach, List.of(p, p + " *")))) {
      return obstructed(
          "opencode asks before this reaches out of the project; inside it, the mode decides");
    }
    String ours = glob.replace("\\", "\\\\");
    ours = ours.endsWith(":*") ? ours + "*" : ours;
    String why = Commands.obstacle(ours);
    return why != null
        ? obstructed(why)
        : rule(
            "Bash",
            reach,
            "Bash(" + ours + ")",
            List.of(new Clause.Target("bash", ours)),
            open ? "? stands for any text here" : null);
  }

  private Clause files(String tool, boolean outside) {
    boolean allow = effect == RuleEffect.ALLOW;
    if (whole()) {
      return allow
          ? outside
              ? named(tool)
              : rule(tool, Clause.ANY, tool + "(/**)", List.of(), "inside the project")
          : rule(tool, Clause.ANY, tool, List.of(), IN_COMMANDS);
    }
    OpencodePaths paths = OpencodePaths.of(pattern, allow);
    if (paths.pattern() == null) {
      return obstructed("this pattern of paths cannot be said here");
    }
    String note = paths.note();
    if (!allow) {
      note = note == null ? IN_COMMANDS : note + "; " + IN_COMMANDS;
    }
    List<String> reach = List.of(pattern.replace('?', '*'));
    return rule(tool, reach, tool + "(" + paths.pattern() + ")", List.of(), note);
  }

  private Clause text(String tool, String parameter) {
    boolean open = pattern.indexOf('?') >= 0;
    if (open && effect == RuleEffect.ALLOW) {
      return obstructed("? cannot stand for one character here");
    }
    String glob = pattern.replace('?', '*');
    String ours = parameter + glob.replace("\\", "\\\\");
    return rule(
        tool,
        List.of(glob),
        tool + "(" + ours + ")",
        List.of(),
        open ? "? stands for any text here" : null);
  }

  private Clause named(String tool) {
    return rule(tool, Clause.ANY, tool, List.of(), null);
  }

  private Clause rule(
      String tool, List<String> reach, String rule, List<Clause.Target> overrides, String note) {
    Clause clause =
        new Clause(line, source(), effect, tool, reach, List.of(rule), overrides, note, null);
    return pattern.indexOf('?') < 0 ? clause : clause.vague();
  }

  private Clause obstructed(String why) {
    String tool =
        switch (key) {
          case "bash" -> "Bash";
          case "edit" -> "Edit";
          case "webfetch" -> "WebFetch";
          case "task" -> "Agent";
          default -> key.replace('?', '*');
        };
    List<String> reach = List.of(pattern.replace('?', '*'));
    return Clause.obstructed(line, source(), effect, tool, reach, why);
  }

  private String source() {
    String what = whole() ? key : key + " \"" + pattern + "\"";
    return Texts.shown((agent == null ? "" : agent + ": ") + what + ": " + action);
  }
}

package dev.countersign.approval.launch;

import dev.countersign.policy.EffectivePermissions;
import dev.countersign.protocol.Engine;
import java.util.ArrayList;
import java.util.List;

/**
 * The final argument list of an engine: exactly one permission flag, where the engine has one, and
 * none that would undo what was decided. So what was decided is what runs.
 *
 * <p>The flag comes first. Behind the others it could become the value of one that lacks its own.
 *
 * @param warnings what was removed, by name
 */
public record LaunchArgs(List<String> args, List<String> warnings) {
  public LaunchArgs {
    args = List.copyOf(args);
    warnings = List.copyOf(warnings);
  }

  /**
   * The arguments for an engine.
   *
   * @param engine null if the session names none
   * @param decided what the session effectively may
   */
  public static LaunchArgs of(Engine engine, EffectivePermissions decided) {
    if (engine == null) {
      return new LaunchArgs(List.of(), List.of());
    }
    CommandLine line = CommandLine.of(engine.id());
    List<String> warnings = new ArrayList<>();
    List<String> kept = engine.args() == null ? List.of() : engine.args();
    int before;
    do {
      // Again, until nothing is left: what stood on both sides of a removed one now stands
      // together.
      before = kept.size();
      kept = removed(line, kept, decided, warnings);
    } while (kept.size() < before);
    if (line instanceof Unknown && (engine.id() != null || !kept.isEmpty())) {
      warnings.add("engine " + engine.id() + " is not known here: it gets no permission flag");
    }
    List<String> args = new ArrayList<>(line.flag(decided));
    args.addAll(kept);
    return new LaunchArgs(args, warnings);
  }

  private static List<String> removed(
      CommandLine line, List<String> args, EffectivePermissions decided, List<String> warnings) {
    List<String> kept = new ArrayList<>();
    int at = 0;
    while (at < args.size()) {
      int count = line.smuggled(args, at, decided);
      if (count == 0) {
        kept.add(args.get(at));
        at++;
      } else {
        warnings.add(
            "argument %s was removed: permissions are decided here".formatted(name(args, at)));
        at += count;
      }
    }
    return kept;
  }

  private static String name(List<String> args, int at) {
    String name = Argument.of(args, at).name();
    return name.length() > 60 ? name.substring(0, 60) + "…" : name;
  }
}

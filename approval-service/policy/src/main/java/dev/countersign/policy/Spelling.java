package dev.countersign.policy;

import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.rules.CompiledRule;
import dev.countersign.policy.tools.ToolEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How a search is written so that it passes by every file that a deny is about. */
final class Spelling {
  private static final int MOST = 20;
  private static final Set<String> GREPS = Set.of("grep", "egrep", "fgrep", "rgrep");

  private Spelling() {}

  /** What is to be added to the call; null if no addition makes it pass all denies. */
  static String around(CallPart part, Case one) {
    List<String> left = new ArrayList<>();
    CallPart fewer = part;
    for (int i = 0; i < MOST; i++) {
      Optional<CompiledRule> deny = one.policy().rules().denyOfTouched(fewer, one.call());
      if (deny.isEmpty()) {
        return left.isEmpty() ? null : written(part, one.call().entry(), left);
      }
      String glob = deny.get().exclusion();
      if (glob == null || left.contains(glob)) {
        return null;
      }
      left.add(glob);
      fewer = part.without(left);
    }
    return null;
  }

  private static String written(CallPart part, ToolEntry entry, List<String> left) {
    if (entry.has("exclude") && entry.has("files")) {
      return entry.names("exclude").get(0)
          + ": ["
          + left.stream()
              .map(glob -> "\"" + (glob.startsWith("**/") ? "" : "**/") + glob + "\"")
              .collect(Collectors.joining(", "))
          + "]";
    }
    if (entry.has("glob") && !entry.requires("glob")) {
      String globs = left.size() == 1 ? left.get(0) : "{" + String.join(",", left) + "}";
      return entry.names("glob").get(0) + ": \"!" + globs + "\"";
    }
    String program = part.command() == null ? "" : part.command().program();
    if (part.command() == null || !part.command().exclusionsHeeded()) {
      return null;
    }
    if (program.equals("rg")) {
      return left.stream().map(glob -> "-g '!" + glob + "'").collect(Collectors.joining(" "));
    }
    return GREPS.contains(program) ? grep(left) : null;
  }

  /** {@code grep} leaves out names only: of files, or of folders with all they hold. */
  private static String grep(List<String> left) {
    List<String> options = new ArrayList<>();
    for (String glob : left) {
      String[] names = glob.split("/");
      boolean below = names.length == 3 && names[0].equals("**") && names[2].equals("**");
      if (names.length != 1 && !below) {
        return null;
      }
      String name = below ? names[1] : names[0];
      boolean file = !below && name.indexOf('.') >= 0;
      if (!below && !file) {
        return null;
      }
      boolean plain = name.matches("[A-Za-z0-9_.-]+");
      options.add((below ? "--exclude-dir=" : "--exclude=") + (plain ? name : "'" + name + "'"));
    }
    return String.join(" ", options);
  }
}

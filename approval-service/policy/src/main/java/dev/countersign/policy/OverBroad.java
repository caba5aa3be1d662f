package dev.countersign.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which resources an "always" must not name, because nobody can oversee what they allow:
 * everything, or whatever a program runs that runs other programs.
 */
final class OverBroad {
  /** Options of wrappers whose value is no command. */
  private static final Set<String> VALUED =
      Set.of("-u", "-g", "-k", "-s", "-n", "-I", "-L", "-P", "-p", "-C", "--user", "--signal");

  private OverBroad() {}

  /** Why a resource of a shell tool is refused; null if it is not. */
  static String ofCommand(String resource) {
    String text = resource.strip();
    int star = text.indexOf('*');
    if (star == 0) {
      return "it begins with *, which stands for any program";
    }
    String fixed = star < 0 ? text : text.substring(0, star);
    if (star > 0 && !fixed.isBlank() && !fixed.endsWith(" ") && !fixed.endsWith(":")) {
      int blank = fixed.lastIndexOf(' ');
      if (blank < 0) {
        String program = name(fixed);
        boolean open = CommandPrefix.runsOthers(program) || program.length() < 3;
        return open ? "the program's name is left open" : null;
      }
      boolean folder = fixed.indexOf('/', blank) >= 0;
      fixed = folder ? fixed : fixed.substring(0, blank + 1);
    }
    if (fixed.endsWith(":")) {
      fixed = fixed.substring(0, fixed.length() - 1);
    }
    List<String> words = new ArrayList<>(List.of(fixed.strip().split("\\s+")));
    String runner = null;
    String before = "";
    for (String word : words) {
      boolean value = runner != null && VALUED.contains(before);
      if (CommandPrefix.runsOthers(name(word)) && !value) {
        runner = word;
      } else if (runner == null && !assignment(word)) {
        return null;
      } else if (!word.startsWith("-") && !assignment(word) && !number(word) && !value) {
        return null;
      }
      before = word;
    }
    return runner == null
        ? "it names no program"
        : name(runner) + " alone may run anything; name what it runs";
  }

  /** A program without its folder and version: {@code python} for {@code /usr/bin/python3.12}. */
  private static String name(String word) {
    if (word == null) {
      return "";
    }
    String name = word.substring(word.lastIndexOf('/') + 1);
    String bare = name.replaceFirst("(\\.exe)?$", "").replaceFirst("[0-9.]+$", "");
    return bare.isEmpty() ? name : bare;
  }

  private static boolean assignment(String word) {
    return word.matches("[A-Za-z_][A-Za-z0-9_]*=.*");
  }

  private static boolean number(String word) {
    return word.matches("[0-9.]+[smhd]?");
  }
}

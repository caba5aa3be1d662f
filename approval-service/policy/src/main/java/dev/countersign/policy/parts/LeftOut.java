package dev.countersign.policy.parts;

import dev.countersign.policy.shell.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What {@code grep -r}, {@code rg}, {@code tar} and {@code rsync} are told to leave alone, as globs
 * of names at any depth.
 */
final class LeftOut {
  private static final Set<String> GREPS = Set.of("grep", "egrep", "fgrep", "rgrep");

  private static final Set<String> COPIERS = Set.of("tar", "gtar", "bsdtar", "rsync");

  private LeftOut() {}

  /** The globs; a folder's name stands with all below it. */
  static List<String> of(String program, List<Word> words) {
    if (GREPS.contains(program)) {
      return grep(words);
    }
    if (COPIERS.contains(program)) {
      return copier(words);
    }
    return program.equals("rg") ? ripgrep(words) : List.of();
  }

  /** An earlier {@code --include} of {@code rsync} wins over what is left out. */
  private static List<String> copier(List<Word> words) {
    List<String> left = new ArrayList<>();
    for (int i = 1; i < words.size() && !words.get(i).text().equals("--"); i++) {
      String text = words.get(i).text();
      if (text.startsWith("--include") || text.startsWith("--filter") || text.startsWith("-f")) {
        return List.of();
      }
      if (text.equals("--exclude") && i + 1 < words.size()) {
        text = "--exclude=" + words.get(++i).text();
      }
      if (text.startsWith("--exclude=") && plain(text)) {
        left.add(value(text));
      }
    }
    return left;
  }

  private static List<String> grep(List<Word> words) {
    List<String> left = new ArrayList<>();
    for (Word word : words) {
      String text = word.text();
      if (text.equals("--")) {
        break;
      }
      if (text.startsWith("--exclude-dir=") && plain(text)) {
        left.add("**/" + value(text) + "/**");
      } else if (text.startsWith("--exclude=") && plain(text) && value(text).indexOf('.') >= 0) {
        left.add(value(text));
      }
    }
    return left;
  }

  /** Later globs win over earlier ones: one that takes files in again ends what was left out. */
  private static List<String> ripgrep(List<Word> words) {
    List<String> left = new ArrayList<>();
    for (int i = 1; i < words.size() && !words.get(i).text().equals("--"); i++) {
      String text = words.get(i).text();
      String glob = null;
      if (text.equals("-g") || text.equals("--glob")) {
        glob = i + 1 < words.size() ? words.get(++i).text() : "";
      } else if (text.startsWith("--glob=")) {
        glob = value(text);
      } else if (text.startsWith("-g")) {
        glob = text.substring(2);
      }
      if (glob != null && glob.startsWith("!") && glob.indexOf('{') < 0) {
        left.add(glob.substring(1));
      } else if (glob != null) {
        left.clear();
      }
    }
    return left;
  }

  private static String value(String option) {
    return option.substring(option.indexOf('=') + 1);
  }

  private static boolean plain(String option) {
    String value = value(option);
    return !value.isEmpty() && value.indexOf('/') < 0 && value.indexOf('$') < 0;
  }
}

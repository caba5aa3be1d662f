package dev.countersign.policy.parts;

import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What {@code grep -r}, {@code rg}, {@code tar} and {@code rsync} are told to leave alone, as globs
 * of names at any depth. It is believed only where every word of the command is understood: any
 * other option may take the next word for its value, or take files in again.
 */
final class LeftOut {
  private static final Syntax GREP =
      new Syntax(
          "-[rRnilHhswvcoLIaEFGPxqzZ]+|-[ABCm]?[0-9]+|--colou?r(=[a-z]+)?"
              + "|--(recursive|dereference-recursive|line-number|ignore-case|with-filename"
              + "|no-filename|no-messages|word-regexp|line-regexp|invert-match|count|only-matching"
              + "|files-with-matches|files-without-match|text|extended-regexp|fixed-strings"
              + "|basic-regexp|perl-regexp|quiet|silent)",
          "-[rRnilHhswvcoLIaEFGPxqzZ]*e",
          "--exclude(-dir)?=.*");

  private static final Syntax RIPGREP =
      new Syntax(
          "-[nilwvcoFSsxPNLuzaHI.]+|-[ABCm]?[0-9]+"
              + "|--(hidden|no-ignore|line-number|ignore-case|smart-case|word-regexp|line-regexp"
              + "|fixed-strings|invert-match|count|only-matching|files-with-matches|unrestricted"
              + "|follow|text)",
          "-e",
          "(--glob=|-g)!.+");

  private static final Syntax TAR =
      new Syntax(
          "-[cvzjJ]+|--(create|verbose|gzip|bzip2|xz)", "-C|-[cvzjJ]*f", "--exclude=[\\w.*?-]+");

  private static final Syntax RSYNC =
      new Syntax(
          "-[avzrltpgoDnhHAXuc]+"
              + "|--(archive|recursive|verbose|compress|dry-run|delete|progress|stats"
              + "|human-readable)",
          "(?!)",
          "--exclude=[\\w.*?-]+");

  private static final Map<String, Syntax> PROGRAMS =
      Map.ofEntries(
          Map.entry("grep", GREP),
          Map.entry("egrep", GREP),
          Map.entry("fgrep", GREP),
          Map.entry("rgrep", GREP),
          Map.entry("rg", RIPGREP),
          Map.entry("tar", TAR),
          Map.entry("gtar", TAR),
          Map.entry("bsdtar", TAR),
          Map.entry("rsync", RSYNC));

  private static final Pattern COUNTED = Pattern.compile("-[ABCm]");
  private static final Pattern COUNT = Pattern.compile("[0-9]+");

  private LeftOut() {}

  /**
   * The words of a program that are understood.
   *
   * @param alone options without a value
   * @param valued options of which the next word is the value
   * @param exclusion what leaves files out, as one word
   */
  private record Syntax(Pattern alone, Pattern valued, Pattern exclusion) {
    Syntax(String alone, String valued, String exclusion) {
      this(Pattern.compile(alone), Pattern.compile(valued), Pattern.compile(exclusion));
    }
  }

  /** The globs; a folder's name stands with all below it. */
  static List<String> of(Part.Command command) {
    List<String> left = read(command);
    return left == null ? List.of() : left;
  }

  /** Whether the command heeds one more exclusion, written right after the program. */
  static boolean heeded(Part.Command command) {
    return read(command) != null;
  }

  private static List<String> read(Part.Command command) {
    List<Word> words = command.words();
    String name = words.get(0).text();
    Syntax syntax = PROGRAMS.get(name.substring(name.lastIndexOf('/') + 1));
    if (syntax == null
        || !command.allowable()
        || words.size() > 1000
        || !words.stream().allMatch(Word::literal)) {
      return null;
    }
    List<String> left = new ArrayList<>();
    boolean archive = syntax != TAR;
    for (int i = 1; i < words.size() && !words.get(i).text().equals("--"); i++) {
      String text = words.get(i).text();
      String next = i + 1 < words.size() ? words.get(i + 1).text() : null;
      if (next != null && apart(syntax, text)) {
        text += (text.equals("-g") ? "" : "=") + next;
        i++;
      }
      if (syntax.exclusion().matcher(text).matches()) {
        add(syntax, text, left);
      } else if (next != null && syntax.valued().matcher(text).matches()) {
        archive |= text.endsWith("f");
        i++;
      } else if (next != null && counted(syntax, text, next)) {
        i++;
      } else if (text.startsWith("-") && !syntax.alone().matcher(text).matches()) {
        return null;
      } else if (!archive && !text.startsWith("-")) {
        return null;
      }
    }
    return archive ? left : null;
  }

  /** Whether an exclusion stands in the next word. */
  private static boolean apart(Syntax syntax, String text) {
    return syntax == RIPGREP
        ? text.equals("-g") || text.equals("--glob")
        : syntax != GREP && text.equals("--exclude");
  }

  private static boolean counted(Syntax syntax, String text, String next) {
    return (syntax == GREP || syntax == RIPGREP)
        && COUNTED.matcher(text).matches()
        && COUNT.matcher(next).matches();
  }

  private static void add(Syntax syntax, String text, List<String> left) {
    String value = text.substring(text.indexOf(syntax == RIPGREP ? '!' : '=') + 1);
    if (syntax == RIPGREP) {
      if (value.indexOf('{') < 0) {
        left.add(value);
      }
    } else if (!value.isEmpty() && value.indexOf('/') < 0 && value.indexOf('$') < 0) {
      if (text.startsWith("--exclude-dir=")) {
        left.add("**/" + value + "/**");
      } else if (syntax != GREP || value.indexOf('.') >= 0) {
        left.add(value);
      }
    }
  }
}

package dev.countersign.policy.parts;

import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code grep -r}, {@code rg}, {@code tar} and {@code rsync} are told to keep to and to leave
 * alone below their folders. It is believed only where every word of the command is understood: any
 * other option may take the next word for its value, or take files in again.
 *
 * @param among globs of names at any depth; only files that fit one are read; empty for all
 * @param left globs of what is not read: names at any depth; a folder's name stands with all below
 */
record Selection(List<String> among, List<String> left) {
  private static final Pattern COUNTED = Pattern.compile("-[ABCm]");
  private static final Pattern COUNT = Pattern.compile("[0-9]+");

  /** Every program reads such a glob in the same way. */
  private static final Pattern PLAIN_GLOB = Pattern.compile("[\\w.*?+@%,~{}\\[\\]-]+");

  /**
   * A glob without quotes, where every file name that the shell could put there is a narrower one.
   */
  private static final Pattern UNQUOTED = Pattern.compile("--include=[\\w.-]*\\*[\\w.-]*");

  private static final Pattern TYPE = Pattern.compile("(?:--type=|-t)(\\w+)");

  /** The first word of {@code tar}, without a dash. */
  private static final Pattern BUNDLE = Pattern.compile("[cvzjJ]*f");

  private static final Pattern SHELLS = Pattern.compile("(.*/)?(ba|z|k|mk|da|a)?sh");

  Selection {
    among = List.copyOf(among);
    left = List.copyOf(left);
  }

  /** What a command says of it; null if it is not understood in full. */
  static Selection of(Part.Command command) {
    List<Word> words = command.words();
    String name = words.get(0).text();
    SearchSyntax syntax = SearchSyntax.of(name.substring(name.lastIndexOf('/') + 1));
    if (syntax == null
        || !command.allowable()
        || words.size() > 1000
        || !words.stream().allMatch(word -> word.literal() || stays(word, syntax, command))) {
      return null;
    }
    return new Reader(syntax, words).read();
  }

  /** Whether a word without quotes keeps its meaning, whatever files there are. */
  private static boolean stays(Word word, SearchSyntax syntax, Part.Command command) {
    return syntax == SearchSyntax.GREP
        && word.certainty() == Word.Certainty.GLOB
        && UNQUOTED.matcher(word.text()).matches()
        && command.wrappedIn().stream()
            .noneMatch(line -> SHELLS.matcher(line.get(0).text()).matches());
  }

  /** Reads the words one by one. */
  private static final class Reader {
    private final SearchSyntax syntax;
    private final List<Word> words;
    private final List<String> among = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private final List<String> folders = new ArrayList<>();
    private boolean keeps;
    private boolean chosen;

    Reader(SearchSyntax syntax, List<Word> words) {
      this.syntax = syntax;
      this.words = words;
    }

    Selection read() {
      boolean archive = syntax != SearchSyntax.TAR;
      for (int i = 1; i < words.size() && !words.get(i).text().equals("--"); i++) {
        String text = words.get(i).text();
        String next = i + 1 < words.size() ? words.get(i + 1).text() : null;
        if (syntax == SearchSyntax.TAR && i == 1 && BUNDLE.matcher(text).matches()) {
          text = "-" + text;
        }
        if (next != null && syntax.apart().matcher(text).matches()) {
          text += (text.length() == 2 ? "" : "=") + next;
          i++;
        }
        Matcher type = TYPE.matcher(text);
        if (syntax == SearchSyntax.RIPGREP && type.matches()) {
          List<String> globs = SearchSyntax.ofType(type.group(1));
          if (globs == null) {
            return null;
          }
          keeps = true;
          among.addAll(globs);
        } else if (syntax.exclusion().matcher(text).matches()) {
          leave(text);
        } else if (syntax.inclusion().matcher(text).matches()) {
          if (!keep(text)) {
            return null;
          }
        } else if (next != null && syntax.valued().matcher(text).matches()) {
          archive |= text.endsWith("f");
          i++;
        } else if (next != null && counted(text, next)) {
          i++;
        } else if (text.startsWith("-") && !syntax.alone().matcher(text).matches()
            || !text.startsWith("-") && !archive) {
          return null;
        }
      }
      left.addAll(folders);
      return archive ? new Selection(keeps ? among : List.of(), left) : null;
    }

    private boolean counted(String text, String next) {
      return (syntax == SearchSyntax.GREP || syntax == SearchSyntax.RIPGREP)
          && COUNTED.matcher(text).matches()
          && COUNT.matcher(next).matches();
    }

    /** Of what to keep to and what to leave, the last that fits a file counts. */
    private boolean keep(String text) {
      int value = text.startsWith("-g") ? 2 : text.indexOf('=') + 1;
      String glob = text.substring(value);
      String name = glob;
      while (syntax == SearchSyntax.RIPGREP && name.startsWith("**/")) {
        name = name.substring(3);
      }
      if (!PLAIN_GLOB.matcher(name).matches()) {
        return false;
      }
      // Told first to leave something alone, grep reads all that nothing it was told fits.
      keeps |= syntax == SearchSyntax.RIPGREP || !chosen;
      chosen = true;
      left.clear();
      among.addAll(Choices.of(name));
      return among.stream().noneMatch(one -> one.indexOf('{') >= 0 || one.indexOf('}') >= 0);
    }

    private void leave(String text) {
      String value = text.substring(text.indexOf(syntax == SearchSyntax.RIPGREP ? '!' : '=') + 1);
      boolean folder = text.startsWith("--exclude-dir=");
      chosen |= !folder;
      if (syntax == SearchSyntax.RIPGREP) {
        if (value.indexOf('{') < 0) {
          left.add(value);
        }
      } else if (!value.isEmpty() && value.indexOf('/') < 0 && value.indexOf('$') < 0) {
        if (folder) {
          folders.add("**/" + value + "/**");
        } else if (syntax != SearchSyntax.GREP || value.indexOf('.') >= 0) {
          left.add(value);
        }
      }
    }
  }
}

package dev.countersign.policy.parts;

import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.shell.Found;
import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.PathUse;
import dev.countersign.policy.shell.PathUse.Use;
import dev.countersign.policy.shell.ShellReader;
import dev.countersign.policy.shell.Word;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What commands reach below the folders they name: searches, which it reads itself, and those that
 * the table of known commands knows to read whole folders.
 */
final class FolderWalks {
  private static final Set<String> ALWAYS = Set.of("rg", "ag", "ack", "rgrep", "ugrep", "ug");
  private static final Set<String> GREPS = Set.of("grep", "egrep", "fgrep", "ggrep");

  /** Long options that walk; programs take them shortened, too. */
  private static final List<String> RECURSIVE = List.of("--recursive", "--dereference-recursive");

  /** The same in a bundle of short ones, up to one that takes the rest for its value. */
  private static final Pattern GREP_RECURSIVE =
      Pattern.compile("-[a-zA-Z0-9&&[^efmABCD]]*[rRa].*", Pattern.DOTALL);

  /** What makes {@code rg} read names that begin with a dot, though nobody names one. */
  private static final Pattern RIPGREP_HIDDEN =
      Pattern.compile(
          "-[a-zA-Z0-9]*[.u].*|--(hidden|unrestricted|iglob.*|type-add.*|ignore-file.*)");

  /** How {@code rg} is told what to keep to: it reads that whatever its name begins with. */
  private static final Pattern RIPGREP_KEEPS =
      Pattern.compile("-[a-zA-Z0-9]*[gt].*|--(glob|type)(=.*)?");

  /** Options of {@code ag} that leave names that begin with a dot alone. */
  private static final Pattern AG_SKIPS = Pattern.compile("[^-].*|-[ilwvcsQ]+|-[ABC]?[0-9]+|--");

  /** What makes {@code find} choose among the files it finds. */
  private static final Set<String> FILTERS =
      Set.of(
          "-name",
          "-iname",
          "-path",
          "-ipath",
          "-wholename",
          "-regex",
          "-iregex",
          "-newer",
          "-mtime",
          "-mmin",
          "-atime",
          "-amin",
          "-ctime",
          "-cmin",
          "-size",
          "-empty",
          "-user",
          "-group",
          "-perm",
          "-lname",
          "-links",
          "-inum",
          "-samefile",
          "-prune");

  /** More searches than this are taken for one that reads everything. */
  private static final int MOST = 256;

  private final Part.Command command;
  private final boolean walks;
  private final Selection selection;
  private final boolean hidden;
  private final boolean fed;

  /** What a command reaches below the paths it names. */
  FolderWalks(Part.Command command) {
    this.command = command;
    this.walks = walks(command);
    boolean below = command.paths().stream().anyMatch(PathUse::below);
    this.selection = walks || below ? Selection.of(command) : null;
    this.hidden = hidden();
    this.fed = command.words().stream().anyMatch(FolderWalks::placeholder);
  }

  /** What a command reaches that names a path: the path, all below it, or some of that. */
  List<PathTouch> of(PathUse path, PathTouch touch) {
    Found found = path.found();
    boolean reads = touch.use() == Use.READ;
    boolean below = walks || path.below();
    if (found != null && (found.files() || !below && reads)) {
      return among(touch.walked(true), found.names());
    }
    if (found != null && touch.use() == Use.WRITE && found.files()) {
      return among(touch.found(false), found.names());
    }
    if (found != null && !reads) {
      return List.of(touch.found(false));
    }
    if (program(command).equals("find") && touch.use() == Use.DELETE) {
      return List.of(touch.found(unfiltered(command.words())));
    }
    if (!reads) {
      return List.of(touch);
    }
    boolean fed = this.fed || found != null;
    if (!fed && !below) {
      return List.of(touch);
    }
    PathTouch all = touch.walked(fed || hidden);
    return selection == null ? List.of(all) : among(all.without(selection.left()));
  }

  private List<PathTouch> among(PathTouch below) {
    return selection.among().isEmpty() ? List.of(below) : among(below, selection.among());
  }

  private List<PathTouch> among(PathTouch below, List<String> names) {
    if (names.size() * command.paths().size() > MOST) {
      return List.of(below);
    }
    return names.stream().map(below::among).toList();
  }

  /** Whether a search finds everything below where it begins. */
  static boolean unfiltered(List<Word> search) {
    return search.stream().map(Word::text).noneMatch(FILTERS::contains);
  }

  /** What {@code find} or {@code xargs} puts there. */
  private static boolean placeholder(Word word) {
    return word.text().equals("{}") && !word.literal();
  }

  static boolean walks(Part.Command command) {
    return walks(command.words());
  }

  /** Whether a command, given as its words, reads all below its folders. */
  static boolean walks(List<Word> words) {
    String program = program(words);
    Stream<String> texts = words.stream().map(Word::text);
    return ALWAYS.contains(program)
        || GREPS.contains(program)
            && (texts.anyMatch(FolderWalks::recursive) || recursesDirectories(words));
  }

  /** The same of a command that another one may run. */
  static boolean mayWalk(List<Word> words) {
    return walks(words) || ShellReader.readsTrees(words);
  }

  private static Stream<String> texts(Part.Command command) {
    return command.words().stream().map(Word::text);
  }

  /** Whether files whose name begins with a dot are read, too. */
  private boolean hidden() {
    return switch (program(command)) {
      case "rg" -> {
        boolean keeps = selection == null || !selection.among().isEmpty();
        yield texts(command)
            .anyMatch(
                word ->
                    RIPGREP_HIDDEN.matcher(word).matches()
                        || keeps && RIPGREP_KEEPS.matcher(word).matches());
      }
      case "ag" -> !texts(command).allMatch(word -> AG_SKIPS.matcher(word).matches());
      default -> true;
    };
  }

  private static boolean recursive(String word) {
    return word.length() > 3 && RECURSIVE.stream().anyMatch(option -> option.startsWith(word))
        || GREP_RECURSIVE.matcher(word).matches();
  }

  /** {@code grep -d recurse} is {@code grep -r}. */
  private static boolean recursesDirectories(List<Word> words) {
    for (int i = 1; i < words.size(); i++) {
      String text = words.get(i).text();
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      boolean option =
          name.length() > 3 && "--directories".startsWith(name)
              || name.matches("-[a-zA-Z0-9]*d") && equals < 0;
      if (!option) {
        continue;
      }
      Word value = equals < 0 && i + 1 < words.size() ? words.get(i + 1) : words.get(i);
      String given = equals < 0 ? value.text() : text.substring(equals + 1);
      if (!value.literal() || given.startsWith("r")) {
        return true;
      }
    }
    return false;
  }

  private static String program(Part.Command command) {
    return program(command.words());
  }

  private static String program(List<Word> words) {
    String name = words.isEmpty() ? "" : words.get(0).text();
    return name.substring(name.lastIndexOf('/') + 1);
  }
}

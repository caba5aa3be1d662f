package dev.countersign.policy.parts;

import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.Part.Reach;
import dev.countersign.policy.shell.PathUse.Use;
import dev.countersign.policy.shell.Word;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Which files the words of a command name. */
final class Mentions {
  private static final Pattern NAMED = Pattern.compile("[=@:<]");

  /** Options whose value is left out of what the program does. */
  private static final Pattern LEFT_OUT = Pattern.compile("--(exclude|ignore|skip|omit)[a-z-]*");

  /** Of these it is the files that are not used, whatever the program is. */
  private static final Pattern SURELY_LEFT_OUT =
      Pattern.compile("--(exclude|ignore)(-dir|-pattern|-glob)?=.*", Pattern.DOTALL);

  /** Programs that take what they leave out as a word of its own. */
  private static final Set<String> LEAVING_OUT = Set.of("tar", "gtar", "bsdtar", "rsync");

  /** Options of git and its companions whose value is text for people. */
  private static final Set<String> PROSE = Set.of("-m", "--message", "--title", "--body", "-b");

  private static final Set<String> PROSE_PROGRAMS = Set.of("git", "gh", "glab", "jj", "hg", "svn");

  /** Programs whose words are tasks as well as files. */
  private static final Set<String> TASK_PROGRAMS = Set.of("make", "gmake", "just", "task", "rake");

  /** What of git reads the files of any commit that its words name. */
  private static final Set<String> OF_A_COMMIT = Set.of("show", "cat-file", "diff");

  private static final Set<String> FILES_OF_GIT =
      Set.of("blame", "annotate", "diff", "grep", "log", "show", "whatchanged");

  private final PathReader paths;
  private final Part.Command command;
  private final String program;
  private final boolean tasks;
  private final List<String> left;
  private final List<Mention> found = new ArrayList<>();
  private final List<NamedHost> hosts = new ArrayList<>();

  private Mentions(PathReader paths, Part.Command command) {
    this.paths = paths;
    this.command = command;
    String name = command.words().get(0).text();
    this.program = name.substring(name.lastIndexOf('/') + 1);
    this.tasks = TASK_PROGRAMS.contains(program) || Subcommands.of(program) != null;
    Selection selection = Selection.of(command);
    this.left = selection == null ? List.of() : selection.left();
  }

  /**
   * The files and hosts that arguments seem to name: {@code x}, {@code --in=x}, {@code -ix}, {@code
   * @x}, {@code a:x}.
   */
  static Mentions of(PathReader paths, Part.Command command) {
    Mentions mentions = new Mentions(paths, command);
    if (command.reach() != Reach.READ) {
      mentions.words();
    } else if (mentions.program.equals("git")) {
      mentions.commits();
    }
    mentions.found.addAll(Removals.of(paths, command));
    return mentions;
  }

  List<Mention> files() {
    return found;
  }

  List<NamedHost> hosts() {
    return hosts;
  }

  private void words() {
    boolean walks = FolderWalks.walks(command) || walksInside();
    Set<String> touched = touched();
    String before = "";
    int first = command.words().get(0).text().indexOf('=') > 0 ? 0 : 1;
    for (Word word : command.words().subList(first, command.words().size())) {
      if (word.text().length() > 4096 || leftOut(before, word.text())) {
        before = word.text();
        continue;
      }
      if (!word.literal()) {
        unsure(word, walks);
      } else {
        boolean meant = !silent(before) && !silent(word.text());
        boolean plain = meant && !touched.contains(word.text());
        if (meant) {
          hosts.addAll(NamedHost.in(word.text()));
        }
        if (meant && word.text().indexOf(' ') >= 0) {
          found.addAll(ShellParts.named(paths, word.text()));
        }
        for (String part : pieces(word.text())) {
          boolean glued = part.length() > 2 && part.startsWith("-") && part.charAt(1) != '-';
          String piece = glued ? part.substring(2) : part;
          if (!piece.isEmpty() && !piece.startsWith("-")) {
            PathTouch named = paths.literal(piece, Use.READ);
            boolean file = plain && !touched.contains(piece) && !elsewhere(word.text(), piece);
            found.add(new Mention(walks ? walked(named) : named, file));
          }
        }
        String address = FileAddress.path(word.text());
        if (address != null) {
          found.add(new Mention(paths.literal(address, Use.READ), plain));
        }
      }
      before = word.text();
    }
  }

  /** Whether it may run a command that reads folders, which then begins in the current one. */
  private boolean walksInside() {
    boolean walks = command.spellings().stream().anyMatch(FolderWalks::walks);
    if (walks) {
      found.add(new Mention(walked(paths.literal(".", Use.READ)), true));
    }
    return walks;
  }

  /** The words of which it is known what the command does with them. */
  private Set<String> touched() {
    if (command.reach() == Reach.OTHER || command.paths().isEmpty()) {
      return Set.of();
    }
    Set<String> touched = new HashSet<>();
    command.paths().forEach(use -> touched.add(use.path().text()));
    return touched;
  }

  private static List<String> pieces(String word) {
    boolean whole = word.indexOf('=') < 0 && word.indexOf('@') < 0 && word.indexOf(':') < 0;
    whole &= word.indexOf('<') < 0;
    return whole ? List.of(word) : List.of(NAMED.split(word));
  }

  /** A word that holds a variable every shell sets, or a glob that names something. */
  private void unsure(Word word, boolean walks) {
    for (String piece : pieces(word.text())) {
      String known = paths.withHome(piece);
      boolean resolved = !known.equals(piece) && known.indexOf('$') < 0 && known.indexOf('`') < 0;
      boolean glob = word.certainty() == Word.Certainty.GLOB && namesSome(piece);
      if (resolved || glob && !piece.startsWith("-")) {
        PathTouch named =
            resolved
                ? paths.literal(known, Use.READ)
                : paths.inScript(new Word(piece, word.certainty()), Use.READ);
        found.add(new Mention(walks ? walked(named) : named, glob));
      }
    }
  }

  private PathTouch walked(PathTouch folder) {
    return folder.walked(true).without(left);
  }

  /** Whether a glob says more of a file's name than that it has one. */
  private static boolean namesSome(String glob) {
    int known = 0;
    for (int i = glob.lastIndexOf('/') + 1; i < glob.length(); i++) {
      known += "*?[]".indexOf(glob.charAt(i)) < 0 ? 1 : 0;
    }
    return known > 1;
  }

  /** Whether a word says what the program is to leave alone. */
  private boolean leftOut(String before, String word) {
    return before.equals("--exclude") && LEAVING_OUT.contains(program)
        || word.startsWith("--") && SURELY_LEFT_OUT.matcher(word).matches();
  }

  /** Whether the value of an option is no file that the program uses. */
  private boolean silent(String option) {
    if (!option.startsWith("-")) {
      return false;
    }
    int end = option.indexOf('=');
    String name = end < 0 ? option : option.substring(0, end);
    return name.startsWith("--") && LEFT_OUT.matcher(name).matches()
        || PROSE.contains(name) && PROSE_PROGRAMS.contains(program);
  }

  /** Whether a piece of a word may as well be a part of an address, a subcommand or a task. */
  private boolean elsewhere(String word, String piece) {
    return word.contains("://") || tasks && piece.equals(word) && nameOnly(piece);
  }

  private static boolean nameOnly(String piece) {
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-') {
        return false;
      }
    }
    return !piece.isEmpty();
  }

  /** {@code git show HEAD:file} prints the file, {@code git blame file} too. */
  private void commits() {
    boolean all = false;
    boolean named = false;
    for (Word word : command.words().subList(1, command.words().size())) {
      String text = word.text();
      all |= FILES_OF_GIT.contains(text) || text.equals("--no-index");
      named |= OF_A_COMMIT.contains(text);
      int colon = text.indexOf(':');
      if (word.literal() && text.length() <= 4096 && !text.startsWith("-")) {
        if (named && colon >= 0 && colon + 1 < text.length()) {
          String file = text.substring(colon + 1).replaceFirst("^[0-3]:", "");
          found.add(new Mention(paths.literal(file.isEmpty() ? "." : file, Use.READ), true));
        } else if (all) {
          found.add(new Mention(paths.literal(text, Use.READ), true));
        }
      }
    }
  }
}

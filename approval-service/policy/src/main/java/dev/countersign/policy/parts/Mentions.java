package dev.countersign.policy.parts;

import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.Part.Reach;
import dev.countersign.policy.shell.PathUse.Use;
import dev.countersign.policy.shell.Word;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Which files the words of a command name. */
final class Mentions {
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

  private final PathReader paths;
  private final Part.Command command;
  private final String program;
  private final boolean tasks;
  private final List<String> left;
  private final Set<Mention> found = new LinkedHashSet<>();
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
      mentions.found.addAll(CommitFiles.of(paths, command));
    }
    mentions.found.addAll(Removals.of(paths, command));
    return mentions;
  }

  List<Mention> files() {
    return List.copyOf(found);
  }

  List<NamedHost> hosts() {
    return hosts;
  }

  private void words() {
    boolean walks = FolderWalks.walks(command) || walksInside();
    Set<String> touched = touched();
    List<Word> words = command.words();
    boolean named = words.get(0).literal() && words.get(0).text().indexOf('=') <= 0;
    for (int i = named ? 1 : 0; i < words.size(); i++) {
      word(words, i, walks, touched);
    }
    for (List<Word> spelling : command.spellings()) {
      for (int i = 1; spelling.size() == words.size() && i < words.size(); i++) {
        if (!spelling.get(i).equals(words.get(i))) {
          word(spelling, i, walks, touched);
        }
      }
    }
  }

  private void word(List<Word> words, int index, boolean walks, Set<String> touched) {
    Word word = words.get(index);
    String before = index > 0 ? words.get(index - 1).text() : "";
    if (word.text().length() > 4096 || leftOut(before, word.text())) {
      return;
    }
    if (!word.literal()) {
      unsure(word, walks);
      return;
    }
    boolean meant = !silent(before) && !silent(word.text());
    boolean plain = meant && !touched.contains(word.text());
    if (meant) {
      hosts.addAll(NamedHost.in(word.text()));
    }
    if (meant && word.text().indexOf(' ') >= 0) {
      found.addAll(ShellParts.named(paths, word.text()));
    }
    for (String part : NamePieces.of(word.text())) {
      boolean glued = part.length() > 2 && part.startsWith("-") && part.charAt(1) != '-';
      String piece = glued ? part.substring(2) : part;
      if (!piece.isEmpty() && !piece.startsWith("-")) {
        boolean file = plain && !touched.contains(piece) && !elsewhere(word.text(), piece);
        for (Word seen : seen(new Word(piece, NamePieces.certainty(piece)))) {
          PathTouch touch = paths.inScript(seen, Use.READ);
          found.add(new Mention(walks ? walked(touch) : touch, file));
        }
      }
    }
    String address = FileAddress.path(word.text());
    if (address != null) {
      found.add(new Mention(paths.literal(address, Use.READ), plain));
    }
  }

  /** Whether it may run a command that reads folders, which then begins in the current one. */
  private boolean walksInside() {
    boolean walks = command.spellings().stream().anyMatch(FolderWalks::mayWalk);
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

  /** A word that holds a variable every shell sets, or a glob that names something. */
  private void unsure(Word word, boolean walks) {
    for (String piece : NamePieces.of(word.text())) {
      String known = paths.withHome(piece);
      boolean resolved = !known.equals(piece) && known.indexOf('$') < 0 && known.indexOf('`') < 0;
      boolean plain = piece.indexOf('$') < 0 && piece.indexOf('`') < 0 && !piece.isEmpty();
      boolean glob = word.glob() && NamePieces.namesSome(piece);
      if (word.certainty() == Word.Certainty.EXPANDED) {
        around(piece);
      }
      if (plain && word.certainty() == Word.Certainty.EXPANDED && !piece.startsWith("-")) {
        for (Word seen : seen(new Word(piece, NamePieces.certainty(piece)))) {
          PathTouch touch = paths.inScript(seen, Use.READ);
          found.add(new Mention(walks ? walked(touch) : touch, true));
        }
      } else if (resolved || glob && !piece.startsWith("-")) {
        Word named = resolved ? new Word(known, Word.Certainty.LITERAL) : word.with(piece);
        for (Word seen : seen(named)) {
          PathTouch touch = paths.inScript(seen, Use.READ);
          found.add(new Mention(walks ? walked(touch) : touch, glob, glob && !resolved));
        }
      } else if (word.glob() && piece.lastIndexOf('/') > 0) {
        String folder = piece.substring(0, piece.lastIndexOf('/'));
        for (Word seen : seen(new Word(folder, NamePieces.certainty(folder)))) {
          found.add(new Mention(paths.inScript(seen, Use.READ), true));
        }
      }
    }
  }

  /**
   * What is written around a variable: the folder before it ({@code secrets/$F}), and which files
   * these seem to be ({@code $D/.claude/settings.json}).
   */
  private void around(String piece) {
    String files = KnownVariables.starred(paths.withHome(piece));
    int star = files.indexOf('*');
    int slash = star < 0 ? -1 : files.lastIndexOf('/', star);
    boolean open = files.indexOf('$') >= 0 || files.indexOf('`') >= 0;
    if (open || star < 0 || files.startsWith("-") || files.contains("..")) {
      return;
    }
    if (star == 0) {
      found.add(new Mention(paths.somewhere(files), true));
    } else if (slash > 0) {
      for (Word seen : seen(new Word(files, Word.Certainty.GLOB))) {
        String text = seen.text();
        String folder = text.substring(0, text.lastIndexOf('/', text.indexOf('*')));
        List<String> likely = paths.inScript(seen, Use.READ).glob();
        found.add(new Mention(paths.literal(folder, Use.READ).seeming(likely), true));
      }
    }
  }

  /** A path as seen from where the script began; from there itself, if nobody knows where it is. */
  private List<Word> seen(Word path) {
    List<Word> seen = command.directory().seen(path);
    if (command.directory().known()) {
      return seen;
    }
    List<Word> likely = new ArrayList<>(seen);
    likely.set(0, path);
    return likely;
  }

  private PathTouch walked(PathTouch folder) {
    return folder.walked(true).without(left);
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
    return word.contains("://") || tasks && piece.equals(word) && NamePieces.plain(piece);
  }
}

package dev.countersign.policy.parts;

import dev.countersign.policy.ToolCall;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.Brackets;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.paths.Places;
import dev.countersign.policy.shell.PathUse.Use;
import dev.countersign.policy.shell.Word;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns written paths into the places they may mean. */
final class PathReader {
  private static final Pattern OPEN = Pattern.compile("[$`{]");
  private static final Pattern ODD = Pattern.compile("[\\[({\\\\]");

  /** What asks for names that begin with a dot. */
  private static final Pattern DOTTED = Pattern.compile("(^|/)\\.(?!\\.?(/|$))");

  private static final Pattern WILD = Pattern.compile("[*?\\[]");

  private static final String VARIABLE = "it holds a variable";

  private final ToolCall call;
  private final boolean dots;

  /** A reader for a call; {@code dots} if globs match names that begin with a dot, too. */
  PathReader(ToolCall call, boolean dots) {
    this.call = call;
    this.dots = dots;
  }

  /** A path that is written plainly. */
  PathTouch literal(String written, Use use) {
    return touch(written, use, written, List.of(), null);
  }

  /** Files below a folder, at any depth, that a filter fits, wherever its own folders begin. */
  PathTouch filtered(String folder, String filter) {
    int slash = filter.lastIndexOf('/');
    boolean odd = slash >= 0 && ODD.matcher(filter).find();
    String name = filter.substring(slash + 1);
    boolean all = odd || name.isEmpty() || name.equals("**");
    return searched(folder, all ? "**" : "**/" + name, true);
  }

  /**
   * Files below a folder, or wherever a glob leads; all below it if there is no glob.
   *
   * @param content whether their contents are read, and not only their names
   */
  PathTouch searched(String folder, String glob, boolean content) {
    String wide = glob == null ? null : Choices.widened(glob);
    boolean elsewhere = wide != null && (wide.startsWith("/") || wide.startsWith("~"));
    PathTouch base = literal(elsewhere ? folderOf(wide) : folder, Use.READ);
    boolean leaves =
        wide != null
            && (wide.equals("**") && !glob.equals("**") || List.of(wide.split("/")).contains(".."));
    List<String> files = new ArrayList<>();
    if (elsewhere) {
      files.addAll(segments(wide));
    } else {
      if (!leaves && !base.places().isEmpty()) {
        files.addAll(Paths.segments(base.places().get(0)));
      }
      if (leaves || wide == null) {
        files.add("**");
      }
      if (!leaves && wide != null) {
        files.addAll(List.of(wide.split("/+")));
      }
    }
    return new PathTouch(
        elsewhere ? glob : folder,
        Use.READ,
        base.places(),
        base.aliases(),
        files,
        content,
        true,
        false,
        leaves ? "the pattern leaves its folder" : base.doubt());
  }

  /** Whether a text stands for files that it does not name. */
  static boolean wild(String text) {
    return WILD.matcher(text).find() || text.indexOf('{') >= 0 || text.indexOf('(') >= 0;
  }

  /** The same text with the variables that every shell sets put in. */
  String withHome(String text) {
    return KnownVariables.put(text, call);
  }

  /** A path a command names, as seen from where the script begins. */
  PathTouch inScript(Word word, Use use) {
    return switch (word.certainty()) {
      case LITERAL -> literal(word.text(), use);
      case GLOB -> glob(word.text(), word.text(), use);
      case QUOTED_CLASS -> glob(word.text(), Brackets.unsure(word.text()), use);
      case EXPANDED -> expanded(word.text(), use);
      case SEEMING -> expanded(word.text(), use).resolved();
    };
  }

  private PathTouch glob(String written, String text, Use use) {
    Matcher wild = WILD.matcher(text);
    boolean leaves = wild.find() && (text + "/").indexOf("/../", wild.start()) >= 0;
    return touch(
        written,
        use,
        folderOf(text),
        segments(text),
        leaves ? "the file names it stands for are not known" : null);
  }

  private PathTouch expanded(String text, Use use) {
    String known = withHome(text);
    Matcher open = OPEN.matcher(known);
    boolean anywhere = !known.startsWith("/") && !known.startsWith("~");
    if (!open.find()) {
      List<String> files = WILD.matcher(known).find() ? segments(known) : List.of();
      return touch(text, use, folderOf(known), anywhere ? deep(known) : files, VARIABLE);
    }
    int last = Math.max(known.lastIndexOf('$'), known.lastIndexOf('`'));
    int slash = known.indexOf('/', Math.max(last, known.lastIndexOf('}')));
    List<String> files = deep(slash < 0 ? "*" : known.substring(slash));
    PathTouch somewhere =
        new PathTouch(
            text,
            use,
            List.of(),
            List.of(),
            files,
            true,
            true,
            "$`~".indexOf(known.charAt(0)) >= 0,
            VARIABLE);
    String likely = KnownVariables.starred(known);
    if (OPEN.matcher(likely).find()) {
      return somewhere;
    }
    boolean moves =
        anywhere
            && known.indexOf('{') != open.start()
            && (open.start() == 0 || known.contains(".."));
    return somewhere.seeming(moves ? deep(likely) : segments(likely));
  }

  /** Files in a folder that is not known, of which a glob says what they seem to be. */
  PathTouch somewhere(String glob) {
    return new PathTouch(
            glob, Use.READ, List.of(), List.of(), List.of(), true, true, true, VARIABLE)
        .seeming(deep(glob));
  }

  private static List<String> deep(String path) {
    List<String> files = new ArrayList<>(List.of("**"));
    files.addAll(Paths.segments(path));
    return files;
  }

  private PathTouch touch(String written, Use use, String path, List<String> files, String unsure) {
    String place = Paths.absolute(path, call.cwd(), call.home());
    if (place == null) {
      return lost(written, use, path, files.isEmpty() ? tail(path) : files);
    }
    String target = target(place);
    String doubt = Paths.doubt(written);
    return new PathTouch(
        written,
        use,
        places(place, target),
        target == null ? List.of() : List.of(target),
        files,
        true,
        files.isEmpty() || dots || DOTTED.matcher(written).find() || unsure != null,
        false,
        doubt != null ? doubt : unsure);
  }

  /** A path below a folder that nobody told: denies are tried on all that it could be. */
  private static PathTouch lost(String written, Use use, String path, List<String> files) {
    String doubt = Paths.doubt(written);
    return new PathTouch(
        written,
        use,
        List.of(),
        Places.standIns(path),
        files,
        true,
        true,
        path.startsWith("~"),
        doubt != null ? doubt : "where the path leads is not known");
  }

  /** The segments below a folder that nobody told. */
  private static List<String> tail(String path) {
    int slash = path.indexOf('/');
    return deep(!path.startsWith("~") ? path : slash < 0 ? "" : path.substring(slash));
  }

  private List<String> places(String place, String target) {
    String direct = Paths.withoutProc(place, call.cwd());
    if (target == null && direct.equals(place)) {
      return List.of(place);
    }
    Set<String> places = new LinkedHashSet<>();
    places.add(place);
    if (target != null) {
      places.add(inWorkspace(target));
    }
    places.add(direct);
    return List.copyOf(places);
  }

  private String target(String place) {
    return Paths.target(place, call.resolvedPaths(), call.cwd(), call.home());
  }

  /** A real path by the name the workspace has for it, where the workspace itself is a link. */
  private String inWorkspace(String target) {
    String cwd = call.cwd() == null ? null : Paths.clean(call.cwd());
    String real = cwd == null ? null : target(cwd);
    return real == null || !Paths.within(target, real)
        ? target
        : Paths.clean(cwd + "/" + target.substring(real.length()));
  }

  private List<String> segments(String glob) {
    String whole = Paths.absolute(glob, call.cwd(), call.home());
    return whole == null ? tail(glob) : Paths.segments(whole);
  }

  /** The folder a glob looks in; a path without wildcards is its own. */
  private static String folderOf(String glob) {
    Matcher wild = WILD.matcher(glob);
    if (!wild.find()) {
      return glob;
    }
    int slash = glob.lastIndexOf('/', wild.start());
    return slash < 0 ? "." : slash == 0 ? "/" : glob.substring(0, slash);
  }
}

package dev.countersign.policy.parts;

import dev.countersign.policy.ToolCall;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.shell.PathUse.Use;
import dev.countersign.policy.shell.Word;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns written paths into the places they may mean. */
final class PathReader {
  private static final Pattern HOME = Pattern.compile("^(\\$HOME|\\$\\{HOME})(?=/|$)");
  private static final Pattern CWD = Pattern.compile("^(\\$PWD|\\$\\{PWD})(?=/|$)");
  private static final Pattern OPEN = Pattern.compile("[$`{]");

  private final ToolCall call;

  PathReader(ToolCall call) {
    this.call = call;
  }

  /** A path in a field of a tool's input. */
  PathTouch literal(String written, Use use) {
    return known(written, use, List.of(call.cwd() == null ? "" : call.cwd()), List.of(), false);
  }

  /** A folder that is searched. */
  PathTouch searched(String written, String glob, boolean content) {
    PathTouch folder = literal(written, Use.READ);
    List<String> files = new ArrayList<>();
    if (glob != null && (glob.startsWith("/") || glob.startsWith("~"))) {
      String whole = Paths.absolute(glob, call.cwd(), call.home());
      return inGlob(glob, Use.READ, whole == null ? List.of() : Paths.segments(whole), content);
    }
    if (!folder.places().isEmpty()) {
      files.addAll(Paths.segments(folder.places().get(0)));
    }
    boolean leaves = glob != null && List.of(glob.split("/")).contains("..");
    files.add("**");
    if (glob != null) {
      files.addAll(List.of(glob.split("/+")));
    }
    return new PathTouch(
        written,
        Use.READ,
        folder.places(),
        files,
        content,
        false,
        leaves ? "the pattern leaves its folder" : folder.doubt());
  }

  /** A path a command names, for each folder it may run in; an empty list if that is unknown. */
  PathTouch inScript(Word word, Use use, List<String> folders) {
    String text = word.text();
    return switch (word.certainty()) {
      case LITERAL -> known(text, use, folders, List.of(), false);
      case GLOB -> glob(text, use, folders);
      case EXPANDED -> expanded(text, use, folders);
    };
  }

  private PathTouch known(
      String written, Use use, List<String> folders, List<String> glob, boolean unresolved) {
    Set<String> places = new LinkedHashSet<>();
    boolean lost = folders.isEmpty() && !written.startsWith("/") && !written.startsWith("~");
    for (String folder : folders.isEmpty() ? List.of("") : folders) {
      String path = Paths.absolute(written, folder.isEmpty() ? null : folder, call.home());
      if (path == null) {
        lost = true;
        continue;
      }
      places.add(path);
      String target = Paths.target(path, call.resolvedPaths(), call.cwd(), call.home());
      if (target != null) {
        places.add(target);
      }
      places.add(Paths.withoutProc(path));
    }
    String doubt = Paths.doubt(written);
    return new PathTouch(
        written,
        use,
        List.copyOf(places),
        glob,
        true,
        unresolved,
        doubt != null ? doubt : lost ? "where the path leads is not known" : null);
  }

  private PathTouch glob(String text, Use use, List<String> folders) {
    List<String> files = new ArrayList<>();
    if (!folders.isEmpty() || text.startsWith("/") || text.startsWith("~")) {
      String whole =
          Paths.absolute(text, folders.isEmpty() ? null : folders.get(0), call.home());
      files = whole == null ? List.of("**") : Paths.segments(whole);
    }
    PathTouch base = known(folderOf(text), use, folders, files, false);
    boolean leaves = text.matches(".*[*?\\[].*/\\.\\.(/.*)?");
    return new PathTouch(
        text,
        use,
        base.places(),
        files,
        true,
        false,
        leaves ? "the file names it stands for are not known" : base.doubt());
  }

  private PathTouch inGlob(String written, Use use, List<String> files, boolean content) {
    List<String> head = new ArrayList<>();
    for (String segment : files) {
      if (segment.matches(".*[*?\\[{].*")) {
        break;
      }
      head.add(segment);
    }
    String folder = "/" + String.join("/", head);
    return new PathTouch(written, use, List.of(folder), files, content, false, Paths.doubt(written));
  }

  private PathTouch expanded(String text, Use use, List<String> folders) {
    String resolved = text;
    if (call.home() != null) {
      resolved = HOME.matcher(resolved).replaceFirst(java.util.regex.Matcher.quoteReplacement(call.home()));
    }
    if (folders.size() == 1) {
      resolved = CWD.matcher(resolved).replaceFirst(java.util.regex.Matcher.quoteReplacement(folders.get(0)));
    }
    boolean open = OPEN.matcher(resolved).find();
    boolean unresolved = open && OPEN.matcher(resolved.substring(0, 1)).find();
    if (!open) {
      PathTouch touch = resolved.matches(".*[*?\\[].*") ? glob(resolved, use, folders)
          : known(resolved, use, folders, List.of(), false);
      return new PathTouch(
          text, use, touch.places(), touch.glob(), true, false, "it holds a variable");
    }
    List<String> files = new ArrayList<>(List.of("**"));
    int last = Math.max(resolved.lastIndexOf('$'), Math.max(resolved.lastIndexOf('`'), resolved.lastIndexOf('}')));
    int slash = resolved.indexOf('/', Math.max(last, 0));
    if (slash >= 0) {
      files.addAll(Paths.segments(resolved.substring(slash)));
    } else {
      files.add("*");
    }
    return new PathTouch(text, use, List.of(), files, true, unresolved, "it holds a variable");
  }

  private static String folderOf(String glob) {
    int wild = 0;
    while (wild < glob.length() && "*?[".indexOf(glob.charAt(wild)) < 0) {
      wild++;
    }
    int slash = glob.lastIndexOf('/', wild);
    return slash < 0 ? "." : slash == 0 ? "/" : glob.substring(0, slash);
  }
}

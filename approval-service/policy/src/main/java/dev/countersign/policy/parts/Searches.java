package dev.countersign.policy.parts;

import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.shell.PathUse.Use;
import dev.countersign.policy.tools.ToolEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tool that searches or reads many files would open: all below its folder that its globs
 * fit, names that begin with a dot too. Globs are read widely; what cannot be read fits anything.
 */
final class Searches {
  /** A list of more is not compared: nothing counts as left out. */
  private static final int MOST_LEFT = 100;

  private final PathReader paths;
  private final ToolEntry entry;
  private final Map<String, Object> input;

  Searches(PathReader paths, ToolEntry entry, Map<String, Object> input) {
    this.paths = paths;
    this.entry = entry;
    this.input = input;
  }

  /** Whether the tool is one. */
  static boolean is(ToolEntry entry) {
    return entry.has("glob") || entry.has("files");
  }

  /**
   * Adds what the call would open.
   *
   * @return why the input means nothing; null if it does
   */
  String addTo(List<Touch> touches) {
    if (entry.contradicts(input, "path", "glob")) {
      return opensAnything(touches);
    }
    Optional<Object> folder = entry.value("path", input);
    if (folder.isPresent() && !(folder.get() instanceof String s && !s.isBlank())) {
      return "its path is no text";
    }
    List<String> left = new ArrayList<>();
    if (!texts("exclude").stream().allMatch(String.class::isInstance)) {
      return "what it leaves out is no list of texts";
    }
    // Such a list is compared with whole paths.
    texts("exclude").stream()
        .map(String.class::cast)
        .filter(g -> g.startsWith("**/"))
        .forEach(left::add);
    if (entry.values("exclude", input).size() > 1 || left.size() > MOST_LEFT) {
      left.clear();
    }
    List<Object> files = texts("files");
    if (entry.has("files")) {
      boolean named =
          !files.isEmpty() && files.stream().allMatch(f -> f instanceof String s && !s.isBlank());
      files.forEach(file -> touches.add(named((String.valueOf(file))).without(left)));
      return named ? null : "it names no files";
    }
    String where = (String) folder.orElse(".");
    Optional<Object> glob = entry.value("glob", input);
    if (!(glob.orElse(entry.requires("glob") ? 0 : "") instanceof String text)) {
      return "its pattern is no text";
    }
    List<String> among = new ArrayList<>();
    if (entry.requires("glob")) {
      among.add(text);
    } else {
      filters(text, among, left);
    }
    if (among.isEmpty()) {
      touches.add(paths.searched(where, null, true).without(left));
    }
    boolean filter = !entry.requires("glob");
    among.forEach(one -> touches.add(paths.searched(where, one, filter).without(left)));
    return null;
  }

  /** Which of two folders or globs counts is not known: each may. */
  private String opensAnything(List<Touch> touches) {
    List<Object> folders = new ArrayList<>(entry.values("path", input));
    if (folders.isEmpty()) {
      folders.add(".");
    }
    for (Object folder : folders) {
      if (folder instanceof String where && !where.isBlank()) {
        touches.add(paths.searched(where, null, true));
      }
    }
    return "two fields of one meaning differ";
  }

  /** A file, or a folder if it ends like one, or a glob. */
  private PathTouch named(String file) {
    if (PathReader.wild(file)) {
      return paths.searched(".", file, false);
    }
    PathTouch literal = paths.literal(file, Use.READ);
    return file.endsWith("/") ? literal.walked(true) : literal;
  }

  /**
   * Filters as ripgrep takes them: several are parted by blanks or commas, {@code !} leaves out.
   */
  private static void filters(String text, List<String> among, List<String> left) {
    for (String word : text.strip().split("\\s+")) {
      List<String> parts = parted(word);
      // Beside braces, a tool may take the whole word for one glob.
      boolean sure = parts.size() == 1 || word.indexOf('{') < 0;
      parts.forEach(part -> filter(part, sure, among, left));
    }
    if (left.size() > MOST_LEFT) {
      left.clear();
    }
  }

  /** The filters in a word: a comma parts them, except in braces. */
  private static List<String> parted(String word) {
    List<String> parts = new ArrayList<>();
    int last = word.lastIndexOf('}');
    boolean inside = false;
    int from = 0;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      inside = c == '{' ? i < last : c != '}' && inside;
      if (c == ',' && !inside) {
        parts.add(word.substring(from, i));
        from = i + 1;
      }
    }
    parts.add(word.substring(from));
    return parts;
  }

  private static void filter(String filter, boolean sure, List<String> among, List<String> left) {
    String bare = filter.startsWith("!") ? filter.substring(1) : filter;
    String below = bare.startsWith("/") ? bare.substring(1) : bare;
    if (below.isEmpty()) {
      return;
    }
    if (!filter.startsWith("!")) {
      among.add(below.startsWith("~") ? "*" + below : below);
      // The last filter that fits wins.
      left.clear();
    } else if (sure && below.equals(bare)) {
      left.addAll(choices(bare));
    }
  }

  /** The globs that one with a single pair of braces stands for. */
  private static List<String> choices(String glob) {
    int open = glob.indexOf('{');
    int end = glob.indexOf('}');
    if (open < 0 || end < open || glob.indexOf('{', open + 1) >= 0) {
      return open < 0 ? List.of(glob) : List.of();
    }
    List<String> choices = new ArrayList<>();
    for (String choice : glob.substring(open + 1, end).split(",")) {
      choices.add(glob.substring(0, open) + choice + glob.substring(end + 1));
    }
    return choices;
  }

  private List<Object> texts(String role) {
    List<Object> texts = new ArrayList<>();
    for (Object value : entry.values(role, input)) {
      texts.addAll(value instanceof List<?> list ? list : List.of(value));
    }
    return texts;
  }
}

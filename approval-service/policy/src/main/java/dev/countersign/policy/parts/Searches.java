package dev.countersign.policy.parts;

import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.shell.PathUse.Use;
import dev.countersign.policy.tools.ToolEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a tool that searches or reads many files would open: all below its folder that its globs
 * fit, names that begin with a dot too. Globs are read widely; what cannot be read fits anything.
 */
final class Searches {
  /** A list of more is not compared: nothing counts as left out. */
  private static final int MOST_LEFT = 100;

  /** More globs to keep to than this are taken for one that anything fits. */
  private static final int MOST_AMONG = 256;

  /** A pattern that chooses no names: it lists all there are, as {@code ls} does. */
  private static final Pattern EVERYTHING = Pattern.compile("(\\*|\\*[*/]*\\*)(\\.\\*)?");

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
    return entry.has("glob") || entry.has("listed") || entry.has("files");
  }

  /**
   * Adds what the call would open.
   *
   * @return why the input means nothing; null if it does
   */
  String addTo(List<Touch> touches) {
    if (entry.contradicts(input, "path", "glob", "listed")) {
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
      files.stream()
          .flatMap(file -> named(String.valueOf(file)))
          .forEach(touch -> touches.add(touch.without(left)));
      return named ? null : "it names no files";
    }
    String where = (String) folder.orElse(".");
    String role = entry.has("listed") ? "listed" : "glob";
    Optional<Object> glob = entry.value(role, input);
    if (!(glob.orElse(entry.requires(role) ? 0 : "") instanceof String text)) {
      return "its pattern is no text";
    }
    if (entry.requires(role)) {
      boolean contents = !entry.has("listed") || !EVERYTHING.matcher(text).matches();
      for (String one : Choices.of(text)) {
        touches.add(paths.searched(where, one, contents).without(left));
      }
      return null;
    }
    List<String> among = new ArrayList<>();
    filters(text, among, left);
    if (among.isEmpty()) {
      touches.add(paths.searched(where, null, true).without(left));
    }
    among.forEach(one -> touches.add(paths.filtered(where, one).without(left)));
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

  /** A file, or a folder if it ends like one, or globs. */
  private Stream<PathTouch> named(String file) {
    if (PathReader.wild(file)) {
      return Choices.of(file).stream().map(one -> paths.searched(".", one, true));
    }
    PathTouch literal = paths.literal(file, Use.READ);
    return Stream.of(file.endsWith("/") ? literal.walked(true) : literal);
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
      if (!sure && !word.startsWith("!")) {
        among.addAll(Choices.of(word));
      }
    }
    if (among.size() > MOST_AMONG) {
      among.clear();
    }
    if (left.size() > MOST_LEFT) {
      left.clear();
    }
  }

  /** The filters in a word: a comma parts them, except in braces. */
  private static List<String> parted(String word) {
    List<String> parts = new ArrayList<>();
    int last = word.lastIndexOf('}');
    int depth = 0;
    int from = 0;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      depth = c == '{' && i < last ? depth + 1 : c == '}' ? Math.max(0, depth - 1) : depth;
      if (c == ',' && depth == 0) {
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
    if (below.isEmpty() || filter.startsWith("#")) {
      return;
    }
    if (!filter.startsWith("!")) {
      among.addAll(Choices.of(below.startsWith("~") ? "*" + below : below));
      // The last filter that fits wins.
      left.clear();
    } else if (sure && below.equals(bare)) {
      List<String> choices = Choices.of(bare);
      left.addAll(choices.get(0).indexOf('{') < 0 ? choices : List.of());
    }
  }

  private List<Object> texts(String role) {
    List<Object> texts = new ArrayList<>();
    for (Object value : entry.values(role, input)) {
      texts.addAll(value instanceof List<?> list ? list : List.of(value));
    }
    return texts;
  }
}

package dev.countersign.policy.paths;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Paths as text: nothing here looks at a disk. */
public final class Paths {
  /** Other names for open files and processes, and addresses. */
  private static final Pattern ALIAS =
      Pattern.compile(
          "(?is)/+proc/+(self|thread-self|[0-9]+)(/.*)?|/+dev/+fd(/.*)?|[a-z][a-z0-9+.-]*://.*");

  private Paths() {}

  /**
   * The absolute path a written one leads to, without {@code .}, {@code ..} and doubled slashes.
   *
   * @return null if that depends on something unknown (no cwd, no home, another user's home)
   */
  public static String absolute(String written, String cwd, String home) {
    if (written.equals("~") || written.startsWith("~/")) {
      return home == null ? null : clean(home + "/" + written.substring(1));
    }
    if (written.startsWith("~")) {
      int end = written.indexOf('/') < 0 ? written.length() : written.indexOf('/');
      boolean own = home != null && home.endsWith("/" + written.substring(1, end));
      return own ? clean(home + written.substring(end)) : null;
    }
    if (written.startsWith("/")) {
      return clean(written);
    }
    return cwd == null ? null : clean(cwd + "/" + written);
  }

  /** The segments joined again: {@code /a/b}; the root is {@code /}. */
  public static String clean(String path) {
    return isClean(path) ? path : "/" + String.join("/", segments(path));
  }

  private static boolean isClean(String path) {
    int length = path.length();
    if (length < 2 || path.charAt(0) != '/' || path.charAt(length - 1) == '/') {
      return length == 1 && path.charAt(0) == '/';
    }
    for (int slash = 0; slash >= 0; slash = path.indexOf('/', slash + 1)) {
      char first = path.charAt(slash + 1);
      if (first == '/' || first == '.' && dots(path, slash + 1)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the segment that begins here is {@code .} or {@code ..}. */
  private static boolean dots(String path, int at) {
    int end = path.startsWith("..", at) ? at + 2 : at + 1;
    return end == path.length() || path.charAt(end) == '/';
  }

  /** The segments of an absolute path, {@code .} and {@code ..} resolved. */
  public static List<String> segments(String path) {
    List<String> kept = new ArrayList<>();
    int start = 0;
    while (start <= path.length()) {
      int end = path.indexOf('/', start);
      if (end < 0) {
        end = path.length();
      }
      String segment = path.substring(start, end);
      if (segment.equals("..")) {
        if (!kept.isEmpty()) {
          kept.remove(kept.size() - 1);
        }
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        kept.add(segment);
      }
      start = end + 1;
    }
    return kept;
  }

  /** Whether a clean path is this folder or lies below it. */
  public static boolean within(String path, String folder) {
    return folder.equals("/")
        || path.startsWith(folder)
            && (path.length() == folder.length() || path.charAt(folder.length()) == '/');
  }

  /**
   * Where a path really leads by what the caller resolved: the path itself, or the nearest folder
   * above it; null if nobody resolved either.
   */
  public static String target(String path, Map<String, String> resolved, String cwd, String home) {
    if (resolved.isEmpty()) {
      return null;
    }
    String best = null;
    String target = null;
    for (Map.Entry<String, String> entry : resolved.entrySet()) {
      String from = absolute(entry.getKey(), cwd, home);
      if (from != null && within(path, from) && (best == null || from.length() > best.length())) {
        best = from;
        target = absolute(entry.getValue(), cwd, home);
      }
    }
    return target == null
        ? null
        : clean(target + path.substring(best.equals("/") ? 0 : best.length()));
  }

  /**
   * The same place without a detour through {@code /proc/PID/root} or {@code /proc/PID/cwd}; the
   * path itself if none.
   *
   * @param cwd null if unknown
   */
  public static String withoutProc(String path, String cwd) {
    if (!path.regionMatches(true, 0, "/proc/", 0, 6)) {
      return path;
    }
    List<String> parts = segments(path);
    int at = parts.size() > 4 && parts.get(2).equals("task") ? 4 : 2;
    if (at >= parts.size()) {
      return path;
    }
    String rest = "/" + String.join("/", parts.subList(at + 1, parts.size()));
    return switch (parts.get(at)) {
      case "root" -> withoutProc(clean(rest), cwd);
      case "cwd" -> cwd == null ? path : clean(cwd + rest);
      default -> path;
    };
  }

  /** Why no rule may allow a path as it is written; null if nothing speaks against it. */
  public static String doubt(String written) {
    if (plain(written)) {
      return null;
    }
    String hidden = Oddities.hidden(written);
    if (hidden != null) {
      return "the path holds " + hidden;
    }
    if (written.indexOf('\n') >= 0 || written.indexOf('\t') >= 0) {
      return "the path holds a line break or tab";
    }
    if (written.indexOf('\\') >= 0) {
      return "the path holds a backslash";
    }
    if (Oddities.lookAlike(written)) {
      return "the path mixes letters that look alike";
    }
    if (written.length() > 4096) {
      return "the path is too long to be one";
    }
    return ALIAS.matcher(written).matches() ? "the path is another name for something else" : null;
  }

  /** Whether all of a path is printable ASCII that can be no other name for something. */
  private static boolean plain(String written) {
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c < 0x20 || c >= 0x7f || c == '\\' || c == ':') {
        return false;
      }
    }
    int start = 0;
    while (start < written.length() && written.charAt(start) == '/') {
      start++;
    }
    boolean system =
        written.regionMatches(true, start, "proc/", 0, 5)
            || written.regionMatches(true, start, "dev/", 0, 4);
    return written.length() <= 4096 && !(start > 0 && system);
  }
}

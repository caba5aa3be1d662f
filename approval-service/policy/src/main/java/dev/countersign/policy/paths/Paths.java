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
    return "/" + String.join("/", segments(path));
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

  /** The same place without a detour through {@code /proc/PID/root}; the path itself if none. */
  public static String withoutProc(String path) {
    List<String> parts = segments(path);
    if (parts.size() >= 3 && parts.get(0).equalsIgnoreCase("proc") && parts.get(2).equals("root")) {
      return "/" + String.join("/", parts.subList(3, parts.size()));
    }
    return path;
  }

  /** Why no rule may allow a path as it is written; null if nothing speaks against it. */
  public static String doubt(String written) {
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
}

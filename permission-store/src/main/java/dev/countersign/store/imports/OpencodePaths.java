package dev.countersign.store.imports;

import java.util.ArrayList;
import java.util.List;

/**
 * A path pattern of opencode as one of ours. There {@code *} also stands for slashes; and a pattern
 * fits the whole path below the project, nothing under it.
 *
 * @param pattern ours; null if it cannot be said
 * @param note why ours is stricter; null if it is not
 */
record OpencodePaths(String pattern, String note) {
  private static final String CUT = "here for everything that begins like this";

  /**
   * Finds the pattern.
   *
   * @param allow whether ours may at most fit what theirs fits; else it must at least
   */
  static OpencodePaths of(String theirs, boolean allow) {
    String text = theirs.startsWith("$HOME/") ? "~" + theirs.substring(5) : theirs;
    if (text.isBlank() || text.matches("(?s).*[\\[\\]\\\\{}()\\s].*") || text.contains("..")) {
      return new OpencodePaths(null, null);
    }
    boolean home = text.startsWith("~/");
    boolean absolute = text.startsWith("/");
    String below = home ? text.substring(2) : absolute ? text.substring(1) : text;
    String anchor = home ? "~/" : absolute ? "//" : "/";
    List<String> ours = new ArrayList<>();
    String[] segments = below.split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      boolean last = i == segments.length - 1;
      if (segment.isEmpty()) {
        return new OpencodePaths(null, null);
      }
      if (segment.matches("\\*+")) {
        ours.addAll(last || !allow ? List.of("**") : List.of("*", "**"));
      } else if (segment.matches("\\*[^*?]+")) {
        ours.addAll(List.of("**", segment));
      } else if (segment.matches(".*[*?].*")) {
        return allow ? new OpencodePaths(null, null) : cut(anchor, ours, segment);
      } else {
        ours.add(allow && last ? exactly(segment) : segment);
      }
    }
    return new OpencodePaths(anchor + String.join("/", ours), null);
  }

  private static OpencodePaths cut(String anchor, List<String> before, String segment) {
    List<String> ours = new ArrayList<>(before);
    int wild = segment.replace('?', '*').indexOf('*');
    ours.add(wild == 0 ? "**" : segment.substring(0, wild) + "*");
    return new OpencodePaths(anchor + String.join("/", ours), CUT);
  }

  /** A name that ends in a set of one character, so that it fits no folder's content. */
  private static String exactly(String name) {
    int last = name.length() - 1;
    return name.substring(0, last) + "[" + name.charAt(last) + "]";
  }
}

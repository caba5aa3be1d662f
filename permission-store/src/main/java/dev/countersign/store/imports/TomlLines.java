package dev.countersign.store.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Where the tables of an array of tables begin in a TOML file that was read without faults. */
final class TomlLines {
  private TomlLines() {}

  /** The lines of {@code [[name]]}, in order; texts over several lines are passed over. */
  static List<Integer> of(String text, String name) {
    Pattern header = Pattern.compile("\\s*\\[\\[\\s*[\"']?" + name + "[\"']?\\s*]].*");
    List<Integer> lines = new ArrayList<>();
    String open = null;
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (open == null && header.matcher(line.strip()).matches()) {
        lines.add(number);
      }
      open = after(line, open);
    }
    return lines;
  }

  /** Which quotes are still open at the end of a line; null if none are. */
  private static String after(String line, String before) {
    String open = before;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean three = line.startsWith("\"\"\"", i) || line.startsWith("'''", i);
      String quote = three ? line.substring(i, i + 3) : String.valueOf(c);
      if (open == null && c == '#') {
        return null;
      }
      if (open != null && open.startsWith("\"") && c == '\\') {
        i++;
      } else if (c == '"' || c == '\'') {
        if (open == null) {
          open = quote;
          i += quote.length() - 1;
        } else if (line.startsWith(open, i)) {
          i += open.length() - 1;
          open = null;
        }
      }
    }
    return open != null && open.length() == 1 ? null : open;
  }
}

package dev.countersign.policy.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table of known commands as it is written, for tests that go through all of it. */
public final class CommandTable {
  /** Kinds of options that take a value. */
  public static final List<String> VALUED =
      List.of(
          "value",
          "pattern",
          "reads",
          "writes",
          "into",
          "contacts",
          "executes",
          "lists",
          "mounts",
          "archive",
          "inside");

  /**
   * One entry.
   *
   * @param lines what stands below its head, by the first word of each line
   */
  public record Entry(List<String> names, String operands, Map<String, List<String>> lines) {
    public List<String> options(String kind) {
      return lines.getOrDefault(kind, List.of());
    }
  }

  private CommandTable() {}

  public static List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (String line : Resources.lines("known-commands.txt")) {
      if (Character.isWhitespace(line.charAt(0))) {
        List<String> words = List.of(line.trim().split("\\s+"));
        entries
            .get(entries.size() - 1)
            .lines()
            .computeIfAbsent(words.get(0), kind -> new ArrayList<>())
            .addAll(words.subList(1, words.size()));
      } else {
        int colon = line.lastIndexOf(": ");
        entries.add(
            new Entry(
                List.of(line.substring(0, colon).split(",")),
                line.substring(colon + 1).trim().replaceFirst("^\\S+\\s*", ""),
                new LinkedHashMap<>()));
      }
    }
    return entries;
  }
}

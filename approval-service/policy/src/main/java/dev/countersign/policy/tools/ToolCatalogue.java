package dev.countersign.policy.tools;

import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.ToolKind;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The known tools, from {@code tools.txt}. What a tool says of itself never counts. */
public final class ToolCatalogue {
  private static final ToolCatalogue SHIPPED = read(Resources.lines("tools.txt"));

  private final Map<String, ToolEntry> entries;

  private ToolCatalogue(Map<String, ToolEntry> entries) {
    this.entries = Map.copyOf(entries);
  }

  /** The tools Countersign ships with. */
  public static ToolCatalogue shipped() {
    return SHIPPED;
  }

  /** Reads a catalogue in the form of {@code tools.txt}. */
  public static ToolCatalogue read(List<String> lines) {
    Map<String, ToolEntry> entries = new LinkedHashMap<>();
    for (String line : lines) {
      String[] columns = line.split("\\s+");
      if (columns.length < 4) {
        throw new IllegalArgumentException("A tool needs name, kind, rules and default: " + line);
      }
      Map<String, List<String>> fields = new LinkedHashMap<>();
      for (String field : Arrays.asList(columns).subList(4, columns.length)) {
        int equals = field.indexOf('=');
        fields.put(field.substring(0, equals), List.of(field.substring(equals + 1).split(",")));
      }
      entries.put(
          columns[0],
          new ToolEntry(
              columns[0],
              ToolKind.of(columns[1]).orElseThrow(),
              columns[2].equals("-") ? null : columns[2],
              OverrideLevel.of(columns[3]).orElse(null),
              fields));
    }
    return new ToolCatalogue(entries);
  }

  /** What is known of a tool; an unknown one is of kind {@code other}. */
  public ToolEntry entry(String name) {
    ToolEntry known = entries.get(name);
    return known != null ? known : new ToolEntry(name, ToolKind.OTHER, null, null, Map.of());
  }

  /** Whether the tool is listed. */
  public boolean knows(String name) {
    return entries.containsKey(name);
  }

  /** All listed tools. */
  public Collection<ToolEntry> all() {
    return entries.values();
  }
}

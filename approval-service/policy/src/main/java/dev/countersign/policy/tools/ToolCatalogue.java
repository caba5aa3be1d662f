package dev.countersign.policy.tools;

import dev.countersign.policy.tools.InvalidToolsException.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The known tools, in groups. What a tool says of itself never counts. */
public final class ToolCatalogue {
  private static final ToolCatalogue SHIPPED = readShipped();
  private static volatile ToolCatalogue inForce = SHIPPED;

  private final Map<String, ToolEntry> entries;
  private final Map<String, ToolGroup> groups;

  ToolCatalogue(Map<String, ToolEntry> entries, Map<String, String> groups) {
    this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    Map<String, ToolGroup> found = new LinkedHashMap<>();
    groups.forEach(
        (name, description) ->
            found.put(
                name,
                new ToolGroup(
                    name,
                    description,
                    entries.values().stream().filter(e -> name.equals(e.group())).toList())));
    this.groups = Collections.unmodifiableMap(found);
  }

  /** The tools Countersign ships with: {@code tools.txt}. */
  public static ToolCatalogue shipped() {
    return SHIPPED;
  }

  /** What every policy of this process is compiled with. */
  public static ToolCatalogue inForce() {
    return inForce;
  }

  /** Makes this the catalogue of the process. To be called at its start, before any decision. */
  public void putInForce() {
    inForce = this;
  }

  private static ToolCatalogue readShipped() {
    try {
      return new ToolCatalogue(Map.of(), Map.of()).extended(Resources.lines("tools.txt"));
    } catch (InvalidToolsException e) {
      throw new IllegalStateException("The shipped tools are broken: " + e.getMessage(), e);
    }
  }

  /**
   * This catalogue with what an operator's file adds: new tools, and other defaults for tools that
   * are here already. Nothing else about those can change.
   *
   * @param lines the file's, with comments and empty ones
   * @throws InvalidToolsException if any line is wrong; all such lines are listed
   */
  public ToolCatalogue extended(List<String> lines) throws InvalidToolsException {
    ToolFile file = ToolFile.read(lines);
    Extension extension = new Extension(this);
    extension.take(file);
    List<Problem> problems = new ArrayList<>(file.problems());
    problems.addAll(extension.problems());
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(Problem::line));
      throw new InvalidToolsException(problems);
    }
    return extension.result();
  }

  /** What is known of a tool; an unknown one is of kind {@code other}. */
  public ToolEntry entry(String name) {
    ToolEntry known = entries.get(name);
    return known != null ? known : ToolEntry.unknown(name);
  }

  /** Whether the tool is listed. */
  public boolean knows(String name) {
    return entries.containsKey(name);
  }

  /** All listed tools, in order. */
  public Collection<ToolEntry> all() {
    return entries.values();
  }

  /** All groups, in order. */
  public Collection<ToolGroup> groups() {
    return groups.values();
  }

  /** A group by its exact name. */
  public Optional<ToolGroup> group(String name) {
    return Optional.ofNullable(groups.get(name));
  }
}

package dev.countersign.policy.tools;

import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.ToolKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known of a tool.
 *
 * @param family the rule name that covers it besides its own; null if none does
 * @param defaultLevel what applies when nothing else settled a call; null if nothing does
 * @param fields role to the input fields that may hold it; a role ending with {@code ?} may be
 *     absent
 * @param group the group it belongs to; null for a tool nobody listed
 * @param description what it does, for people; null for a tool nobody listed
 * @param hidden whether listings of permissions leave it out
 */
public record ToolEntry(
    String name,
    ToolKind kind,
    String family,
    OverrideLevel defaultLevel,
    Map<String, List<String>> fields,
    String group,
    String description,
    boolean hidden) {
  public ToolEntry {
    fields = Map.copyOf(fields);
  }

  /** A tool nobody listed. */
  static ToolEntry unknown(String name) {
    return new ToolEntry(name, ToolKind.OTHER, null, null, Map.of(), null, null, false);
  }

  ToolEntry withDefault(OverrideLevel level) {
    return new ToolEntry(name, kind, family, level, fields, group, description, hidden);
  }

  /** Whether the tool has such a field at all. */
  public boolean has(String role) {
    return fields.containsKey(role) || fields.containsKey(role + "?");
  }

  /** Whether it takes a shell script or a command. */
  public boolean shell() {
    return has("command") || has("argv");
  }

  /** Whether its input says what it reaches: a command, a file, an address, a mode. */
  public boolean reaches() {
    return shell()
        || Stream.of("path", "destination", "glob", "listed", "files", "patch", "url", "mode")
            .anyMatch(this::has);
  }

  /** Whether a call without it is malformed. */
  public boolean requires(String role) {
    return fields.containsKey(role);
  }

  /** The input fields of a role, required or not. */
  public List<String> names(String role) {
    return fields.getOrDefault(role, fields.getOrDefault(role + "?", List.of()));
  }

  /** What the call holds in this role, whatever its type: of several names, in the first. */
  public Optional<Object> value(String role, Map<String, Object> input) {
    return names(role).stream().filter(n -> input.get(n) != null).findFirst().map(input::get);
  }

  /** What the call holds in this role under each of its names, whatever the types. */
  public List<Object> values(String role, Map<String, Object> input) {
    return names(role).stream().filter(n -> input.get(n) != null).<Object>map(input::get).toList();
  }

  /** Whether the names of one of these roles say different things: which counts is not known. */
  public boolean contradicts(Map<String, Object> input, String... roles) {
    return Stream.of(roles).anyMatch(role -> values(role, input).stream().distinct().count() > 1);
  }
}

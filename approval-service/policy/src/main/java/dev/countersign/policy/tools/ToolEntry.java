package dev.countersign.policy.tools;

import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.ToolKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a tool.
 *
 * @param family the rule name that covers it besides its own; null if none does
 * @param defaultLevel what applies when nothing else settled a call; null if nothing does
 * @param fields role to the input fields that may hold it; a role ending with {@code ?} may be
 *     absent
 */
public record ToolEntry(
    String name,
    ToolKind kind,
    String family,
    OverrideLevel defaultLevel,
    Map<String, List<String>> fields) {
  public ToolEntry {
    fields = Map.copyOf(fields);
  }

  /** Whether the tool has such a field at all. */
  public boolean has(String role) {
    return fields.containsKey(role) || fields.containsKey(role + "?");
  }

  /** Whether a call without it is malformed. */
  public boolean requires(String role) {
    return fields.containsKey(role);
  }

  /** What the call holds in this role, whatever its type. */
  public Optional<Object> value(String role, Map<String, Object> input) {
    List<String> names = fields.getOrDefault(role, fields.getOrDefault(role + "?", List.of()));
    return names.stream().filter(n -> input.get(n) != null).findFirst().map(input::get);
  }
}

package dev.countersign.store.imports;

import dev.countersign.policy.tools.ToolCatalogue;
import java.util.List;
import java.util.Optional;

/** Which ask rules an override of a tool would lift. */
final class Asks {
  private Asks() {}

  /** The first rule that may be about a tool, by the tool's own name or its family's. */
  static Optional<String> about(String tool, List<String> rules) {
    String family = ToolCatalogue.inForce().entry(tool).family();
    return rules.stream()
        .filter(
            rule -> {
              int open = rule.indexOf('(');
              String name = (open < 0 ? rule : rule.substring(0, open)).strip();
              return Globs.meet(name, tool) || name.equals(family);
            })
        .findFirst();
  }
}

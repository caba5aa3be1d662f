package dev.countersign.policy.tools;

import dev.countersign.policy.tools.InvalidToolsException.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Puts what a file says on top of a catalogue, and finds every line that it must not say. */
final class Extension {
  /** A rule name that is no tool: a tool of this name would be meant by rules about files. */
  private static final String RESERVED = "Delete";

  private final ToolCatalogue base;
  private final boolean shipping;
  private final Map<String, ToolEntry> entries = new LinkedHashMap<>();
  private final Map<String, String> groups = new LinkedHashMap<>();
  private final Map<String, String> spellings = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final List<Problem> problems = new ArrayList<>();

  Extension(ToolCatalogue base) {
    this.base = base;
    this.shipping = base.all().isEmpty();
    base.all().forEach(entry -> entries.put(entry.name(), entry));
    base.all().forEach(entry -> spellings.putIfAbsent(folded(entry.name()), entry.name()));
    base.groups().forEach(group -> groups.put(group.name(), group.description()));
  }

  List<Problem> problems() {
    return problems;
  }

  ToolCatalogue result() {
    return new ToolCatalogue(entries, groups);
  }

  void take(ToolFile file) {
    file.headers().forEach(this::group);
    file.lines().forEach(this::tool);
  }

  private void group(ToolFile.Header header) {
    String known = groups.get(header.name());
    if (known != null) {
      if (header.description() != null && !header.description().equals(known)) {
        problem(header, "the group " + header.name() + " is described as \"" + known + "\"");
      }
    } else if (header.description() == null) {
      problem(header, "say what the group is: [" + header.name() + "] and its description");
    } else if (base.knows(header.name())) {
      problem(header, header.name() + " is a tool; a group needs a name of its own");
    } else {
      groups.put(header.name(), header.description());
    }
  }

  private void tool(ToolFile.Line line) {
    if (!seen.add(line.name())) {
      problem(line, "the tool " + line.name() + " is listed twice");
    } else if (base.knows(line.name())) {
      change(line, base.entry(line.name()));
    } else {
      add(line);
    }
  }

  /** Of a tool that is here already only the default may change. */
  private void change(ToolFile.Line line, ToolEntry known) {
    if (line.given()
        && (line.kind() != known.kind()
            || !Objects.equals(line.family(), known.family())
            || !line.fields().isEmpty() && !line.fields().equals(known.fields()))) {
      problem(line, "kind, rules and fields of a shipped tool stay; write = = and its default");
    } else if (!line.given() && !line.fields().isEmpty()) {
      problem(line, "the fields of a shipped tool stay; leave them out");
    } else if (line.hidden() && !known.hidden()) {
      problem(line, "a shipped tool that people see cannot be hidden");
    } else if (line.description() != null && !line.description().equals(known.description())) {
      problem(line, "the description of a shipped tool stays; leave it out");
    } else {
      ToolEntry changed = known.withDefault(line.level());
      put(line, changed, ToolCheck.ofDefault(changed));
    }
  }

  private void add(ToolFile.Line line) {
    String alike = spellings.get(folded(line.name()));
    if (!line.given()) {
      problem(line, "no such tool ships; write its kind and rules instead of =");
    } else if (line.group() == null) {
      problem(line, "a tool belongs to a group; begin one before it: [name] what it is");
    } else if (line.description() == null) {
      problem(line, "say what the tool does, after a |");
    } else if (line.name().equals(RESERVED)) {
      problem(line, RESERVED + " is the name of rules about files, and no tool's");
    } else if (groups.containsKey(line.name())) {
      problem(line, line.name() + " is a group; a tool needs a name of its own");
    } else if (alike != null && !shipping) {
      problem(
          line, "only its case tells it from " + alike + ", and rules about that do not see it");
    } else {
      ToolEntry added = line.entry();
      put(line, added, shipping ? List.of() : ToolCheck.of(added));
    }
  }

  private void put(ToolFile.Line line, ToolEntry entry, List<String> faults) {
    faults.forEach(fault -> problem(line.number(), line.text(), fault));
    if (faults.isEmpty()) {
      entries.put(entry.name(), entry);
      spellings.putIfAbsent(folded(entry.name()), entry.name());
    }
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private void problem(ToolFile.Line line, String reason) {
    problem(line.number(), line.text(), reason);
  }

  private void problem(ToolFile.Header header, String reason) {
    problem(header.number(), header.text(), reason);
  }

  private void problem(int number, String text, String reason) {
    problems.add(new Problem(number, text, reason));
  }
}

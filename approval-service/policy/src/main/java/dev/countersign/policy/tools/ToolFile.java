package dev.countersign.policy.tools;

import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.ToolKind;
import dev.countersign.policy.tools.InvalidToolsException.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A catalogue as it is written, line by line. What a line means beside others is not looked at
 * here.
 */
final class ToolFile {
  /** What stands where a line leaves as it is what ships. */
  static final String AS_SHIPPED = "=";

  /** A name that a rule can name, too. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.:/-]{0,127}");

  private static final Pattern HEADER = Pattern.compile("\\[([^\\]]*)\\]\\s*(.*)");
  private static final Pattern FIELD = Pattern.compile("([a-z]+\\??)=(.+)");
  private static final Pattern INPUT = Pattern.compile("-?[A-Za-z_][A-Za-z0-9_-]*");
  private static final Set<String> FAMILIES = Set.of("Bash", "Read", "Edit", "WebFetch", "Agent");
  private static final Set<String> ROLES =
      Set.of(
          "command",
          "argv",
          "path",
          "destination",
          "glob",
          "listed",
          "files",
          "exclude",
          "folder",
          "plain",
          "unchecked",
          "patch",
          "url",
          "name",
          "mode",
          "background");
  private static final Set<Byte> UNPRINTABLE =
      Set.of(
          Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR);
  private static final int LONGEST_DESCRIPTION = 500;

  /**
   * A line that begins a group.
   *
   * @param description null if it gives none
   */
  record Header(int number, String text, String name, String description) {}

  /**
   * A line that names a tool.
   *
   * @param group null before the first group
   * @param kind null for as it ships
   * @param family null for as it ships, or none
   * @param given whether it says what kind of tool this is
   * @param description null if it gives none
   */
  record Line(
      int number,
      String text,
      String group,
      String name,
      ToolKind kind,
      String family,
      boolean given,
      OverrideLevel level,
      boolean hidden,
      Map<String, List<String>> fields,
      String description) {

    ToolEntry entry() {
      return new ToolEntry(name, kind, family, level, fields, group, description, hidden);
    }
  }

  private final List<Header> headers = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private int number;
  private String text;

  private ToolFile() {}

  /** Reads all lines; those that cannot be read are among the problems. */
  static ToolFile read(List<String> raw) {
    ToolFile file = new ToolFile();
    for (String line : raw) {
      file.number++;
      file.text = line.strip();
      if (file.text.startsWith("[")) {
        file.header();
      } else if (!file.text.isEmpty() && !file.text.startsWith("#")) {
        file.line();
      }
    }
    return file;
  }

  List<Header> headers() {
    return headers;
  }

  List<Line> lines() {
    return lines;
  }

  List<Problem> problems() {
    return problems;
  }

  private void header() {
    Matcher header = HEADER.matcher(text);
    if (!header.matches() || !NAME.matcher(header.group(1)).matches()) {
      problem("a group begins with [name] and what it is");
    } else if (!describes(header.group(2))) {
      problem("a description has at most " + LONGEST_DESCRIPTION + " printable characters");
    } else {
      String described = header.group(2).isBlank() ? null : header.group(2);
      headers.add(new Header(number, text, header.group(1), described));
    }
  }

  private void line() {
    int bar = text.indexOf('|');
    String description = bar < 0 ? "" : text.substring(bar + 1).strip();
    List<String> columns =
        Arrays.asList((bar < 0 ? text : text.substring(0, bar)).strip().split("\\s+"));
    int before = problems.size();
    if (columns.size() < 4) {
      problem("a tool needs name, kind, rules and default");
      return;
    }
    if (!NAME.matcher(columns.get(0)).matches()) {
      problem("a name has letters, digits and _ . : / -, and begins with a letter or _");
    }
    boolean given = !columns.get(1).equals(AS_SHIPPED) || !columns.get(2).equals(AS_SHIPPED);
    ToolKind kind = given ? kind(columns.get(1)) : null;
    String family = given ? family(columns.get(2)) : null;
    OverrideLevel level = level(columns.get(3));
    List<String> rest = columns.subList(4, columns.size());
    boolean hidden = !rest.isEmpty() && rest.get(0).equals("hidden");
    Map<String, List<String>> fields = fields(hidden ? rest.subList(1, rest.size()) : rest);
    if (!describes(description)) {
      problem("a description has at most " + LONGEST_DESCRIPTION + " printable characters");
    }
    if (problems.size() == before) {
      String group = headers.isEmpty() ? null : headers.get(headers.size() - 1).name();
      lines.add(
          new Line(
              number,
              text,
              group,
              columns.get(0),
              kind,
              family,
              given,
              level,
              hidden,
              fields,
              description.isEmpty() ? null : description));
    }
  }

  private ToolKind kind(String word) {
    Optional<ToolKind> kind = ToolKind.of(word);
    if (kind.isEmpty()) {
      problem("\"" + word + "\" is no kind; there are " + ToolKind.words());
    }
    return kind.orElse(null);
  }

  private String family(String word) {
    if (!word.equals("-") && !FAMILIES.contains(word)) {
      problem(
          "\"" + word + "\" is no rule name; there are Bash, Read, Edit, WebFetch, Agent and -");
    }
    return word.equals("-") ? null : word;
  }

  private OverrideLevel level(String word) {
    Optional<OverrideLevel> level = OverrideLevel.of(word);
    if (level.isEmpty() && !word.equals("-")) {
      problem("\"" + word + "\" is no default; there are " + OverrideLevel.words() + " and -");
    }
    return level.orElse(null);
  }

  private Map<String, List<String>> fields(List<String> words) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (String word : words) {
      Matcher field = FIELD.matcher(word);
      if (!field.matches() || !ROLES.contains(field.group(1).replace("?", ""))) {
        problem("\"" + word + "\" is no role=field; a description comes after a |");
        continue;
      }
      List<String> names = List.of(field.group(2).split(","));
      if (names.isEmpty() || !names.stream().allMatch(n -> INPUT.matcher(n).matches())) {
        problem("\"" + field.group(2) + "\" names no input field");
      } else if (fields.keySet().stream().anyMatch(r -> sameRole(r, field.group(1)))) {
        problem("the role " + field.group(1) + " is given twice");
      } else {
        fields.put(field.group(1), names);
      }
    }
    return fields;
  }

  private static boolean sameRole(String one, String other) {
    return one.replace("?", "").equals(other.replace("?", ""));
  }

  private static boolean describes(String text) {
    return text.length() <= LONGEST_DESCRIPTION
        && text.codePoints().noneMatch(c -> UNPRINTABLE.contains((byte) Character.getType(c)));
  }

  private void problem(String reason) {
    problems.add(new Problem(number, text, reason));
  }
}

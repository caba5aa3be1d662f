package dev.countersign.policy.rules;

import dev.countersign.policy.InvalidRulesException.Problem;
import dev.countersign.policy.Rule;
import dev.countersign.policy.RuleEffect;
import dev.countersign.policy.paths.PathPattern;
import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.policy.tools.ToolEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads rules: {@code Tool} or {@code Tool(specifier)}, and behind it, after a blank, the marks
 * {@code strict} (a deny that also stops programs nobody can read), {@code nonBypassable} (an ask
 * that holds in every mode), {@code diagnostic} (an allow that also counts in plan mode) and {@code
 * unasked} (a deny that asks where a person can be asked).
 */
public final class RuleParser {
  /** Rule names that cover more than the tool of that name. */
  static final Set<String> FAMILIES = Set.of("Bash", "Read", "Edit", "Delete", "WebFetch", "Agent");

  private static final Set<String> MARKS =
      Set.of("", "strict", "nonBypassable", "diagnostic", "unasked");
  private static final Pattern TOOL = Pattern.compile("[A-Za-z_*][A-Za-z0-9_.:*/-]*");
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_-]*):(.*)", Pattern.DOTALL);
  private static final Set<String> SHELL_FIELDS =
      Set.of("run_in_background", "timeout", "description", "dangerouslyDisableSandbox");

  private final ToolCatalogue tools;
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /** A parser that collects problems and warnings over many rules. */
  public RuleParser(ToolCatalogue tools) {
    this.tools = tools;
  }

  /** What is wrong with the rules read so far. */
  public List<Problem> problems() {
    return problems;
  }

  /** What was read but will not do what its author may think. */
  public List<String> warnings() {
    return warnings;
  }

  /** Reads one rule; null if it has a problem. */
  public CompiledRule read(Rule rule, boolean shipped) {
    String text = rule.text();
    if (text == null || text.isBlank()) {
      return refuse(rule, 0, "an empty rule; write Tool or Tool(specifier)");
    }
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    if (open >= 0 && close < open) {
      return refuse(rule, text.length(), "the bracket opened at " + open + " is never closed");
    }
    if (open < 0 && close >= 0) {
      return refuse(rule, close, "a closing bracket without an opening one");
    }
    int end = open < 0 ? endOfName(text) : close + 1;
    String name = (open < 0 ? text.substring(0, end) : text.substring(0, open)).strip();
    Matcher tool = TOOL.matcher(name);
    if (!tool.matches()) {
      int at = tool.lookingAt() ? tool.end() : 0;
      return refuse(rule, at, "\"" + name + "\" is no tool name");
    }
    List<String> marks = List.of(text.substring(end).strip().split("\\s+"));
    for (String mark : marks) {
      if (!MARKS.contains(mark)) {
        return refuse(
            rule,
            end,
            "\""
                + mark
                + "\" after the rule; only strict, nonBypassable, diagnostic and unasked may stand"
                + " there");
      }
    }
    boolean diagnostic = marks.contains("diagnostic");
    if (diagnostic && rule.effect() != RuleEffect.ALLOW) {
      return refuse(
          rule,
          text.indexOf("diagnostic", end),
          "diagnostic stands behind an allow only: it lets the call run in plan mode");
    }
    boolean unasked = marks.contains("unasked");
    if (unasked && rule.effect() != RuleEffect.DENY) {
      return refuse(
          rule,
          text.indexOf("unasked", end),
          "unasked stands behind a deny only: where a person can be asked, it asks");
    }
    String inside = open < 0 ? null : text.substring(open + 1, close);
    if (inside != null && inside.isBlank()) {
      return refuse(rule, open + 1, "empty brackets; leave them out to mean every use of " + name);
    }
    ToolPattern pattern = ToolPattern.of(name);
    if (rule.effect() == RuleEffect.ALLOW && pattern.overBroad()) {
      problems.add(
          Problem.overBroad(
              text, name.indexOf('*'), "an allow may use * only after mcp__<server>__"));
      return null;
    }
    Specifier specifier =
        inside == null ? new Specifier.Any() : specifier(rule, name, inside.strip(), open + 1);
    return specifier == null
        ? null
        : new CompiledRule(
            rule,
            pattern,
            specifier,
            marks.contains("strict"),
            marks.contains("nonBypassable"),
            diagnostic,
            unasked,
            shipped);
  }

  private static int endOfName(String text) {
    int end = 0;
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private Specifier specifier(Rule rule, String tool, String inside, int at) {
    ToolEntry entry = tools.entry(tool);
    Matcher parameter = PARAMETER.matcher(inside);
    boolean named = parameter.matches();
    if (tool.equals("Bash") || entry.has("command") || entry.has("argv")) {
      return named && SHELL_FIELDS.contains(parameter.group(1))
          ? new Specifier.Parameter(parameter.group(1), TextGlob.of(parameter.group(2)))
          : new Specifier.Command(CommandPattern.of(inside));
    }
    if (tool.equals("WebFetch") || entry.has("url")) {
      if (named && parameter.group(1).equals("domain")) {
        return domain(rule, parameter.group(2).strip(), at + "domain:".length());
      }
      return named
          ? new Specifier.Parameter(parameter.group(1), TextGlob.of(parameter.group(2)))
          : refuseSpecifier(rule, at, "write " + tool + "(domain:host.name)");
    }
    if (tool.equals("Delete") && inside.startsWith("<")) {
      return PathClass.of(inside)
          .<Specifier>map(Specifier.Folder::new)
          .orElseGet(
              () ->
                  refuseSpecifier(
                      rule, at, "no such class of folders; there are " + PathClass.words()));
    }
    if (Set.of("Read", "Edit", "Delete").contains(tool)
        || entry.has("path")
        || entry.has("patch")) {
      return path(rule, tool, inside, at);
    }
    if (named) {
      return new Specifier.Parameter(parameter.group(1), TextGlob.of(parameter.group(2)));
    }
    if (!tool.equals("Agent") && !entry.has("name")) {
      if (rule.effect() == RuleEffect.ALLOW) {
        warnings.add(rule.text() + " can never match: " + tool + " takes (parameter:value)");
      }
    }
    return new Specifier.Name(TextGlob.of(inside));
  }

  private Specifier path(Rule rule, String tool, String inside, int at) {
    if (inside.startsWith("!")) {
      return refuseSpecifier(rule, at, "a path pattern cannot be negated");
    }
    if (inside.startsWith("~") && !inside.equals("~") && !inside.startsWith("~/")) {
      return refuseSpecifier(rule, at, "only the own home can be named: ~/...");
    }
    if (inside.indexOf('[') >= 0 && inside.indexOf(']', inside.indexOf('[')) < 0) {
      return refuseSpecifier(rule, at + inside.indexOf('['), "a [ without its ]");
    }
    if (rule.effect() == RuleEffect.ALLOW && !FAMILIES.contains(tool)) {
      String family = tools.entry(tool).family();
      warnings.add(rule.text() + " can never match: write " + family + "(" + inside + ")");
      return new Specifier.Name(TextGlob.of(inside));
    }
    return new Specifier.Path(PathPattern.of(inside));
  }

  private Specifier domain(Rule rule, String name, int at) {
    if (name.isEmpty() || !name.matches("[^\\s/:@\\\\]+")) {
      return refuseSpecifier(rule, at, "a domain is a host name, without scheme, port and path");
    }
    return new Specifier.Domain(DomainPattern.of(name));
  }

  private Specifier refuseSpecifier(Rule rule, int at, String reason) {
    refuse(rule, at, reason);
    return null;
  }

  private CompiledRule refuse(Rule rule, int at, String reason) {
    problems.add(new Problem(rule.text(), at, reason));
    return null;
  }
}

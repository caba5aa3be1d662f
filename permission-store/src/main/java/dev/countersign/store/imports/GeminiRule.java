package dev.countersign.store.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.policy.RuleEffect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One {@code [[rule]]} of a policy.
 *
 * @param line where it begins; 0 if that is not known
 */
record GeminiRule(int line, JsonNode fields, RuleEffect effect, int priority) {
  private static final Map<String, RuleEffect> DECISIONS =
      Map.of("allow", RuleEffect.ALLOW, "ask_user", RuleEffect.ASK, "deny", RuleEffect.DENY);
  private static final List<String> MODES = List.of("default", "autoEdit", "yolo", "plan");
  private static final List<String> TEXTS =
      List.of("toolName", "mcpName", "commandPrefix", "commandRegex", "argsPattern", "modes");
  private static final List<String> LISTS = List.of("toolName", "commandPrefix", "modes");
  private static final List<String> REMARKS =
      List.of("name", "description", "denyMessage", "deny_message");
  private static final List<String> UNDERSTOOD =
      List.of(
          "toolName",
          "mcpName",
          "commandPrefix",
          "commandRegex",
          "argsPattern",
          "decision",
          "priority",
          "modes",
          "interactive",
          "allowRedirection",
          "allow_redirection");

  static GeminiRule of(int line, JsonNode fields) throws UnreadableFileException {
    RuleEffect effect = DECISIONS.get(fields.path("decision").asText());
    if (effect == null) {
      throw UnreadableFileException.malformed(
          line, 1, "has a rule whose decision is none of allow, ask_user, deny");
    }
    for (String key : TEXTS) {
      boolean list = fields.path(key).isArray() && LISTS.contains(key);
      for (JsonNode value : list ? fields.path(key) : List.of(fields.path(key))) {
        if (!value.isTextual() && fields.has(key)) {
          throw UnreadableFileException.malformed(
              line, 1, "has a rule whose %s is no text".formatted(key));
        }
      }
    }
    if (!fields.path("priority").isInt()) {
      throw UnreadableFileException.malformed(line, 1, "has a rule without a whole priority");
    }
    return new GeminiRule(line, fields, effect, fields.path("priority").intValue());
  }

  /** One clause for each tool and command it names. */
  List<Clause> clauses() {
    List<Clause> clauses = new ArrayList<>();
    String server = fields.has("mcpName") ? fields.path("mcpName").asText() : null;
    for (String tool : texts("toolName", "*")) {
      GeminiTools names = GeminiTools.of(tool, server, effect);
      if (GeminiTools.shell(tool) && fields.has("commandPrefix")) {
        texts("commandPrefix", "").forEach(prefix -> clauses.add(prefix(names, tool, prefix)));
      } else if (GeminiTools.shell(tool) && fields.has("commandRegex")) {
        clauses.add(regex(names, tool, fields.path("commandRegex").asText()));
      } else {
        clauses.add(tool(names, server == null ? tool : server + "/" + tool));
      }
    }
    return clauses;
  }

  private Clause tool(GeminiTools names, String tool) {
    if (fields.has("commandPrefix") || fields.has("commandRegex")) {
      return obstructed(names, source(tool), "only commands begin with commandPrefix");
    }
    if (fields.has("argsPattern")) {
      String source = source(tool + " " + fields.path("argsPattern").asText());
      return obstructed(names, source, "a pattern of all arguments has no counterpart here");
    }
    boolean all = GeminiTools.shell(tool) && effect == RuleEffect.ALLOW;
    boolean any = all && redirects();
    return clause(
        names,
        source(tool),
        Clause.ANY,
        any ? List.of("Bash") : names.rules(),
        all && !any ? List.of() : overrides(tool, null),
        names.note());
  }

  private Clause prefix(GeminiTools names, String tool, String prefix) {
    String source = source(tool + " \"" + prefix + "\"");
    String fault = prefix.indexOf('*') >= 0 ? "it holds a literal *" : Commands.obstacle(prefix);
    if (fault != null) {
      return obstructed(names, source, fault);
    }
    String pattern = Commands.literal(prefix) + " *";
    return clause(
        names,
        source,
        Commands.reach(prefix + " *"),
        List.of("Bash(" + pattern + ")"),
        overrides(tool, pattern),
        null);
  }

  private Clause regex(GeminiTools names, String tool, String regex) {
    String source = source(tool + " /" + regex + "/");
    LiteralRegex literal = LiteralRegex.of(regex);
    boolean vague = literal.beginnings().stream().anyMatch(b -> b.strip().length() < 2);
    if (literal.beginnings().isEmpty() || vague || effect == RuleEffect.ALLOW && !literal.exact()) {
      return obstructed(names, source, "a regular expression has no counterpart here");
    }
    List<String> patterns =
        literal.beginnings().stream().map(b -> Commands.literal(b.stripLeading()) + "*").toList();
    List<Clause.Target> targets = new ArrayList<>();
    patterns.forEach(pattern -> targets.addAll(overrides(tool, pattern)));
    return clause(
        names,
        source,
        patterns,
        patterns.stream().map(pattern -> "Bash(" + pattern + ")").toList(),
        targets,
        literal.exact() ? null : "every command that begins like this");
  }

  private Clause clause(
      GeminiTools names,
      String source,
      List<String> reach,
      List<String> rules,
      List<Clause.Target> overrides,
      String note) {
    String why = names.obstacle() != null ? names.obstacle() : condition();
    if (why != null) {
      return Clause.obstructed(line, source, effect, names.reach(), reach, why);
    }
    Clause clause =
        new Clause(line, source, effect, names.reach(), reach, rules, overrides, note, null);
    if (effect != RuleEffect.ALLOW && fields.has("interactive")) {
      clause = clause.noted("here whether or not anybody is there");
    } else if (effect != RuleEffect.ALLOW && !inEveryMode()) {
      clause = clause.noted("here in every mode");
    }
    return clause.note() == null ? clause : clause.vague();
  }

  /** A condition that a rule here cannot have; null if there is none. */
  private String condition() {
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      String key = field.getKey();
      if (!UNDERSTOOD.contains(key) && !REMARKS.contains(key)) {
        return "only if " + key + "; a rule here has no such condition";
      }
    }
    if (effect == RuleEffect.ALLOW && fields.has("interactive")) {
      return "only if somebody is there, or nobody; a rule here has no such condition";
    }
    boolean usual = texts("modes", "default").contains("default");
    return inEveryMode() || effect != RuleEffect.ALLOW && usual
        ? null
        : "only in mode "
            + String.join(", ", texts("modes", ""))
            + "; a rule here holds in every mode";
  }

  private boolean redirects() {
    return fields.path("allowRedirection").asBoolean()
        || fields.path("allow_redirection").asBoolean();
  }

  private boolean inEveryMode() {
    return fields.path("modes").isEmpty() || texts("modes", "").containsAll(MODES);
  }

  private Clause obstructed(GeminiTools names, String source, String why) {
    return Clause.obstructed(line, source, effect, names.reach(), Clause.ANY, why);
  }

  private static List<Clause.Target> overrides(String tool, String resource) {
    return GeminiTools.shell(tool)
        ? List.of(new Clause.Target("run_shell_command", resource))
        : List.of();
  }

  private String source(String what) {
    return Texts.shown(
        "%s %s, priority %d".formatted(fields.path("decision").asText(), what, priority));
  }

  private List<String> texts(String name, String absent) {
    JsonNode value = fields.path(name);
    if (value.isMissingNode()) {
      return List.of(absent);
    }
    if (!value.isArray()) {
      return List.of(value.asText());
    }
    List<String> texts = new ArrayList<>();
    value.forEach(one -> texts.add(one.asText()));
    return texts;
  }
}

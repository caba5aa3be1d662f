package dev.countersign.store.imports;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Gemini CLI's policies. The rule with the highest priority wins there, so rules are looked at in
 * that order.
 */
final class GeminiPolicies {
  private static final TomlMapper TOML = new TomlMapper();

  private GeminiPolicies() {}

  static List<Item> read(String text) throws UnreadableFileException {
    JsonNode root = parse(text);
    for (String name : List.of("rule", "safety_checker")) {
      if (root.has(name) && !root.path(name).isArray()) {
        throw UnreadableFileException.malformed(0, 0, "must have %1$s as [[%1$s]]".formatted(name));
      }
    }
    List<Integer> lines = TomlLines.of(text, "rule");
    JsonNode rules = root.path("rule");
    List<GeminiRule> read = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      int line = lines.size() == rules.size() ? lines.get(i) : 0;
      read.add(GeminiRule.of(line, rules.get(i)));
    }
    read.sort(Comparator.comparingInt(GeminiRule::priority).reversed());
    List<Clause> clauses = new ArrayList<>();
    read.forEach(rule -> clauses.addAll(rule.clauses()));
    List<Item> items = new ArrayList<>(Precedence.firstWins(clauses));
    List<Integer> checkers = TomlLines.of(text, "safety_checker");
    for (int i = 0; i < root.path("safety_checker").size(); i++) {
      items.add(
          Item.leftOut(
              checkers.size() > i ? checkers.get(i) : 0,
              Texts.shown("safety_checker " + root.path("safety_checker").get(i).path("toolName")),
              "a program that Gemini CLI runs; there is none here"));
    }
    for (Map.Entry<String, JsonNode> other : root.properties()) {
      if (!List.of("rule", "safety_checker").contains(other.getKey())) {
        items.add(Item.leftOut(0, Texts.shown(other.getKey()), "is no part of a policy"));
      }
    }
    return items;
  }

  private static JsonNode parse(String text) throws UnreadableFileException {
    try {
      return TOML.readTree(text);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String why = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
      throw UnreadableFileException.malformed(
          at == null ? 0 : at.getLineNr(),
          at == null ? 0 : at.getColumnNr(),
          "is not TOML: " + why);
    }
  }
}

package dev.countersign.approval.launch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** Settings that stand in an argument. What names a file, or cannot be read, is not trusted. */
final class InlineJson {
  /** Settings of Claude Code that say nothing about what may run. */
  private static final Set<String> HARMLESS =
      Set.of(
          "alwaysThinkingEnabled",
          "attribution",
          "cleanupPeriodDays",
          "effortLevel",
          "includeCoAuthoredBy",
          "language",
          "model",
          "outputStyle",
          "spinnerTipsEnabled");

  private static final Set<String> TIGHTENING = Set.of("ask", "deny");
  private static final Set<String> WIDENING = Set.of("permissionMode", "hooks");

  private InlineJson() {}

  /** Whether settings hold nothing but denies, asks and what says nothing about permissions. */
  static boolean tightens(String json) {
    JsonNode settings = read(json);
    return settings.isObject()
        && settings.properties().stream()
            .allMatch(
                entry ->
                    HARMLESS.contains(entry.getKey())
                        || entry.getKey().equals("permissions") && onlyTightens(entry.getValue()));
  }

  private static boolean onlyTightens(JsonNode permissions) {
    return permissions.isObject()
        && permissions.properties().stream().map(Map.Entry::getKey).allMatch(TIGHTENING::contains);
  }

  /** Whether agents are declared without permissions and hooks of their own. */
  static boolean namesNoPermissions(String json) {
    JsonNode agents = read(json);
    return agents.isObject() && WIDENING.stream().allMatch(name -> agents.findValue(name) == null);
  }

  private static JsonNode read(String json) {
    try {
      return Json.readTree(json.getBytes(StandardCharsets.UTF_8));
    } catch (InvalidEventException e) {
      return Json.mapper().missingNode();
    }
  }
}

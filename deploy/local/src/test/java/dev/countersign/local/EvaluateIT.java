package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** Hundreds of cases in one request, through the gateway: none fails, no deny is lost. */
@ExtendWith(SystemFixture.Provider.class)
class EvaluateIT {
  private static final List<String> MODES =
      List.of("plan", "dontAsk", "default", "acceptEdits", "auto", "bypassPermissions");
  private static final List<String> SPELLINGS =
      List.of("rm", "/bin/rm", "\\rm", "'rm'", "r\"m\"", "$'\\x72m'");
  private static final List<String> PLACES =
      List.of(
          "%s -rf x",
          "sudo %s -rf x",
          "env A=b %s -rf x",
          "timeout 5 %s -rf x",
          "nohup %s -rf x &",
          "nice -n 5 %s -rf x",
          "command %s -rf x",
          "(%s -rf x)",
          "{ %s -rf x; }",
          "true && %s -rf x",
          "echo \"$(%s -rf x)\"",
          "echo `date; %s -rf x`",
          "if true; then %s -rf x; fi",
          "find . -exec %s {} +",
          "f() { %s -rf x; }; f",
          "ls | xargs %s");

  private final SystemFixture system;

  EvaluateIT(SystemFixture system) {
    this.system = system;
  }

  @Test
  void aDenyHoldsInEveryModeForEveryWayOfWritingTheCommand() {
    List<Map<String, Object>> cases = new ArrayList<>();
    for (String mode : MODES) {
      for (String place : PLACES) {
        for (String rm : SPELLINGS) {
          cases.add(
              Map.of(
                  "id",
                  "c" + cases.size(),
                  "mode",
                  mode,
                  "rules",
                  Map.of("allow", List.of("Bash(*)"), "deny", List.of("Bash(rm *)")),
                  "toolCall",
                  Map.of(
                      "tool",
                      "Bash",
                      "input",
                      Map.of("command", place.formatted(rm)),
                      "cwd",
                      "/proj",
                      "home",
                      "/home/u")));
        }
      }
    }
    JsonNode results = evaluate(cases);
    assertEquals(576, results.size());
    for (int i = 0; i < cases.size(); i++) {
      Map<String, Object> one = cases.get(i);
      assertEquals(one.get("id"), results.get(i).path("id").asText());
      assertEquals("deny", results.get(i).path("effect").asText(), () -> one.toString());
      assertEquals("rule", results.get(i).path("decidedBy").asText(), () -> one.toString());
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "countersign.corpus",
      matches = ".+",
      disabledReason = "no corpus at hand: name one with -Dcountersign.corpus=FILE")
  void aCorpusFromElsewhereIsAnsweredWithoutAnErrorOrAWrongAllow() throws IOException {
    List<JsonNode> cases = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(System.getProperty("countersign.corpus")))) {
      cases.add(Json.mapper().readTree(line));
    }
    JsonNode results = evaluate(cases);
    assertEquals(cases.size(), results.size());
    for (int i = 0; i < cases.size(); i++) {
      JsonNode one = cases.get(i);
      JsonNode result = results.get(i);
      assertFalse(result.has("error"), () -> one + " " + result);
      if (Set.of("deny", "ask", "not_allow").contains(one.path("expect").asText())) {
        assertNotEquals("allow", result.path("effect").asText(), one::toString);
      }
    }
  }

  private JsonNode evaluate(List<?> cases) {
    return system.newAgent().person().post("/v1/evaluate", cases).orThrow();
  }
}

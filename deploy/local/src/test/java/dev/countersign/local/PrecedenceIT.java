package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Decides every line of the table in {@code docs/permission-store.md}. */
@ExtendWith(SystemFixture.Provider.class)
class PrecedenceIT {
  private static final String HEAD = "| settled | besides | command | decision | by |";
  private static final Pattern OVERRIDE = Pattern.compile("`([^`]+)` (always|ask|never)");
  private static final Pattern RULE = Pattern.compile("(user )?(allow|ask|deny) `([^`]+)`");
  private static final Pattern MODE = Pattern.compile("mode `([^`]+)`");

  private final SystemFixture system;

  PrecedenceIT(SystemFixture system) {
    this.system = system;
  }

  @Test
  void everyExampleIsDecidedAsThePageSays() throws IOException {
    List<String[]> examples = examples();
    assertTrue(examples.size() >= 20, () -> examples.size() + " examples");
    List<Map<String, Object>> cases =
        examples.stream().map(example -> question(example[0], example[1], example[2])).toList();

    JsonNode results = system.newAgent().person().post("/v1/evaluate", cases).orThrow();

    List<String> found = new ArrayList<>();
    List<String> said = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      String line = String.join(" | ", List.of(examples.get(i)).subList(0, 3));
      said.add(line + " | " + examples.get(i)[3] + " | " + examples.get(i)[4]);
      found.add(
          line
              + " | "
              + results.get(i).path("effect").asText()
              + " | "
              + results.get(i).path("decidedBy").asText());
    }
    assertEquals(String.join("\n", said), String.join("\n", found));
  }

  private static List<String[]> examples() throws IOException {
    return Files.readAllLines(Launched.CHECKOUT.resolve("docs/permission-store.md")).stream()
        .dropWhile(line -> !line.equals(HEAD))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.substring(1, line.length() - 1).split("\\|"))
        .map(cells -> List.of(cells).stream().map(String::strip).toArray(String[]::new))
        .toList();
  }

  private static Map<String, Object> question(String settled, String besides, String command) {
    List<Map<String, String>> overrides = new ArrayList<>();
    for (Matcher m = OVERRIDE.matcher(settled); m.find(); ) {
      Map<String, String> override = new HashMap<>(Map.of("tool", "Bash", "level", m.group(2)));
      if (!m.group(1).equals("Bash")) {
        override.put("resource", m.group(1));
      }
      overrides.add(override);
    }
    Map<String, Object> rules = new HashMap<>();
    for (Matcher m = RULE.matcher(besides); m.find(); ) {
      rules.put(m.group(1) == null ? "project" : "user", Map.of(m.group(2), List.of(m.group(3))));
    }
    Matcher mode = MODE.matcher(besides);
    return Map.of(
        "mode",
        mode.find() ? mode.group(1) : "default",
        "rules",
        rules,
        "overrides",
        overrides,
        "toolCall",
        Map.of(
            "tool",
            "Bash",
            "input",
            Map.of("command", command.replace("`", "")),
            "cwd",
            SystemFixture.WORKSPACE,
            "home",
            "/home/someone"));
  }
}

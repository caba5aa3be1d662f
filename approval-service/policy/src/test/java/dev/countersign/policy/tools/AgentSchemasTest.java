package dev.countersign.policy.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalogue says of every field of every tool of an agent what it holds. */
class AgentSchemasTest {
  private record Schemas(
      String agent, String version, String source, Map<String, List<String>> tools) {}

  @ParameterizedTest
  @ValueSource(strings = {"claude-code", "codex", "gemini-cli", "opencode"})
  void everyFieldOfEveryToolIsDeclared(String agent) throws IOException {
    Schemas schemas = read(agent);
    assertTrue(schemas.tools().size() > 5, "hardly a whole set of tools: " + schemas);
    List<String> missing = new ArrayList<>();
    schemas
        .tools()
        .forEach(
            (tool, fields) -> {
              if (!ToolCatalogue.shipped().knows(tool)) {
                missing.add(tool);
              }
              Set<String> declared = new HashSet<>();
              ToolCatalogue.shipped().entry(tool).fields().values().forEach(declared::addAll);
              fields.stream()
                  .filter(field -> !declared.contains(field))
                  .forEach(field -> missing.add(tool + "." + field));
            });
    assertEquals(List.of(), missing, "of " + schemas.agent() + " " + schemas.version());
  }

  private static Schemas read(String agent) throws IOException {
    try (InputStream file =
        AgentSchemasTest.class.getResourceAsStream("/schemas/" + agent + ".yaml")) {
      return new ObjectMapper(new YAMLFactory()).readValue(file, Schemas.class);
    }
  }
}

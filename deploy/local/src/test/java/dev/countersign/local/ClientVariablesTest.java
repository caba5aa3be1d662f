package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.DocTables;
import dev.countersign.protocol.ClientVariables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What programs beside the services read from their shell ends no service that is started there.
 */
class ClientVariablesTest {
  private static final Pattern NAME = Pattern.compile("COUNTERSIGN_[A-Z_]+");

  private static final List<String> PROGRAMS =
      List.of(
          ".ci/run",
          "deploy/up",
          "deploy/import",
          "deploy/bench/run",
          "deploy/bench/src/main/java/dev/countersign/bench/GeminiEngine.java",
          "deploy/embedded/src/main/java/dev/countersign/embedded/agents/ClaudeCode.java",
          "docs/examples/direct-agents/Ask.java",
          "docs/examples/direct-agents/ask.js",
          "docs/examples/direct-agents/ask.py",
          "docs/examples/direct-agents/ask.sh",
          "agent-gateway/src/main/resources/hooks/claude-code.sh");

  private static Set<String> names(String text) {
    return NAME.matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theyAreListed() throws IOException {
    for (String program : PROGRAMS) {
      Path file = Launched.CHECKOUT.resolve(program);
      Set<String> read = names(Files.readString(file));
      assertTrue(!read.isEmpty(), program + " reads none any more");
      read.removeAll(ClientVariables.NAMES);
      assertEquals(Set.of(), read, program);
    }
  }

  @Test
  void theDocumentListsTheSame() {
    Set<String> documented = new TreeSet<>();
    DocTables.of("docs/operations.md").get("client variables").stream()
        .skip(1)
        .forEach(row -> documented.addAll(names(row.get(0))));
    assertEquals(new TreeSet<>(ClientVariables.NAMES), documented);
  }
}

package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of {@code docs/authority.md} come to what the page says of them. */
class AuthorityPageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern CASE = Pattern.compile("```json\\R(.*?)```", Pattern.DOTALL);

  private static final Pattern TRAP =
      Pattern.compile(
          "`deny ([^`]+)` protects the folder `etc` \\*of the project\\* and leaves `([^`]+)`"
              + " alone; write `deny ([^`]+)`");

  private static String page() throws IOException {
    return Files.readString(Path.of("../../docs/authority.md"));
  }

  @Test
  void theExampleOfEachAnchorIsOneThatIsTried() throws IOException {
    List<List<String>> anchors = table("| pattern | begins at | example |");
    assertEquals(
        List.of("//x", "~/x", "/x", "./x", "x/y", "x"),
        anchors.stream().map(row -> row.get(0)).toList());
    List<String> tried = tried().stream().map(row -> row.get(0)).toList();
    for (List<String> row : anchors) {
      assertTrue(tried.contains(row.get(2)), row.get(2));
    }
  }

  @Test
  void aDenyHoldsForWhatThePageSaysAndLeavesTheOtherAlone() throws IOException {
    for (List<String> row : tried()) {
      assertTrue(isDenied(row.get(0), row.get(1)), row::toString);
      assertFalse(isDenied(row.get(0), row.get(2)), row::toString);
    }
  }

  @Test
  void oneSlashIsNotTheDisk() throws IOException {
    Matcher trap = TRAP.matcher(page());
    assertTrue(trap.find(), "the page names the trap");
    assertFalse(isDenied(trap.group(1), trap.group(2)));
    assertTrue(isDenied(trap.group(3), trap.group(2)));
  }

  @Test
  void everyDryRunIsReadAndDecided() throws IOException {
    String page = page();
    int from = page.indexOf("### Dry runs");
    List<String> cases =
        CASE.matcher(page.substring(from, page.indexOf("\n## ", from)))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertTrue(cases.stream().anyMatch(text -> text.contains("\"overrides\"")), cases::toString);
    for (String text : cases) {
      Map<String, Object> one = JSON.readValue(text, new TypeReference<>() {});
      Map<String, Object> result = Evaluation.evaluate(one);
      assertTrue(result.containsKey("effect"), result::toString);
    }
  }

  private static boolean isDenied(String rule, String path) {
    String tool = rule.substring(0, rule.indexOf('('));
    Map<String, Object> call =
        Map.of(
            "tool",
            tool,
            "input",
            Map.of("file_path", path),
            "cwd",
            "/proj/web",
            "home",
            "/home/u");
    Map<String, Object> result =
        Evaluation.evaluate(
            Map.of(
                "workspaceRoots", List.of("/proj"),
                "rules", Map.of("deny", List.of(rule)),
                "toolCall", call));
    assertTrue(result.containsKey("effect"), result::toString);
    return result.get("effect").equals("deny");
  }

  private static List<List<String>> tried() throws IOException {
    return table("| deny | holds for | leaves alone |");
  }

  /** The first word of code of each cell, empty if there is none. */
  private static List<List<String>> table(String head) throws IOException {
    List<List<String>> rows =
        page()
            .lines()
            .dropWhile(line -> !line.equals(head))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .map(AuthorityPageTest::codes)
            .toList();
    assertFalse(rows.isEmpty(), head);
    return rows;
  }

  private static List<String> codes(String row) {
    return Arrays.stream(row.substring(1).split("\\|"))
        .map(cell -> CODE.matcher(cell).results().map(m -> m.group(1)).findFirst().orElse(""))
        .toList();
  }
}

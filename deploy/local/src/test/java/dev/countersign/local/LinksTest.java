package dev.countersign.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Links in the documents lead somewhere, tables are whole, JSON in them is JSON, and the tool calls
 * of their examples are whole.
 */
class LinksTest {
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#\\s]+)[^)]*\\)");
  private static final Pattern FENCED = Pattern.compile("```.*?```", Pattern.DOTALL);
  private static final Pattern JSON = Pattern.compile("```json\\R(.*?)```", Pattern.DOTALL);
  private static final Pattern CALL = Pattern.compile("\"toolCall\"\\s*:\\s*(?=\\{)");

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Path page : pages()) {
      LINK.matcher(Files.readString(page))
          .results()
          .map(match -> match.group(1))
          .filter(link -> !Files.exists(page.resolveSibling(link)))
          .forEach(link -> faults.add(page + " links to " + link));
    }

    assertEquals(List.of(), faults);
  }

  /** A blank line ends a table: what stands behind it is text, with its bars. */
  @Test
  void everyTableIsWhole() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Path page : pages()) {
      for (String block :
          FENCED.matcher(Files.readString(page)).replaceAll("").split("\\R\\s*\\R")) {
        List<String> rows = block.lines().filter(line -> line.startsWith("|")).toList();
        if (!rows.isEmpty() && (rows.size() < 2 || !rows.get(1).matches("\\|[-: |]+\\|"))) {
          faults.add(page + " has a table without a head: " + rows.get(0));
        }
      }
    }

    assertEquals(List.of(), faults);
  }

  @Test
  void everyJsonBlockIsJson() throws IOException {
    int blocks = 0;
    for (Path page : pages()) {
      for (String json :
          JSON.matcher(Files.readString(page)).results().map(m -> m.group(1)).toList()) {
        blocks++;
        try {
          Json.readTree(json.getBytes(UTF_8));
        } catch (InvalidEventException e) {
          throw new AssertionError(page + ": " + e.getMessage() + "\n" + json, e);
        }
      }
    }

    assertTrue(blocks > 0, "there are JSON blocks");
  }

  /** Readers copy them: without these two nothing counts as inside the workspace. */
  @Test
  void everyToolCallSaysItsFolderAndItsHome() throws IOException {
    List<String> calls = new ArrayList<>();
    for (Path page : pages()) {
      String text = Files.readString(page);
      CALL.matcher(text).results().forEach(match -> calls.add(within(text, match.end())));
    }

    assertTrue(calls.size() >= 4, () -> "few calls were found: " + calls);
    for (String call : calls) {
      assertTrue(call.contains("\"cwd\":") && call.contains("\"home\":"), call);
    }
  }

  /** What stands between the braces that open there, without what is nested in them. */
  private static String within(String text, int open) {
    StringBuilder own = new StringBuilder();
    int depth = 1;
    for (int at = open + 1; depth > 0 && at < text.length(); at++) {
      char c = text.charAt(at);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 1) {
        own.append(c);
      }
    }
    return own.toString();
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(Launched.CHECKOUT.resolve("README.md")));
    try (Stream<Path> docs = Files.walk(Launched.CHECKOUT.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
    }
    return pages;
  }
}

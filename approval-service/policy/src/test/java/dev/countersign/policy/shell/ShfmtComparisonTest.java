package dev.countersign.policy.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reader never sees fewer commands than shfmt does, and refuses whatever Bash refuses. */
class ShfmtComparisonTest {
  private static final int BATCH = 500;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private int valid;
  private int refused;

  @BeforeAll
  static void bothAreInstalled() {
    boolean installed =
        Files.isExecutable(Path.of("/usr/bin/shfmt")) && Files.isExecutable(Path.of("/bin/bash"));
    assumeTrue(installed, "shfmt or bash is not installed: nothing to compare with");
  }

  @Test
  void handPickedScripts() throws Exception {
    List<String> scripts = new ArrayList<>();
    for (String file : ShellCases.FILES) {
      ShellCases.read(file).forEach(line -> scripts.add(line.script()));
    }
    compare(scripts, new ArrayList<>());
  }

  @Test
  void threeHundredScripts() throws Exception {
    generated(300, 7);
  }

  @Test
  @Tag("full")
  void fiveThousandScripts() throws Exception {
    generated(5_000, 13);
  }

  @Test
  @Tag("exhaustive")
  void twentyThousandScripts() throws Exception {
    generated(20_000, 11);
  }

  private void generated(int count, long seed) throws Exception {
    ScriptMaker maker = new ScriptMaker(seed);
    List<String> problems = new ArrayList<>();
    List<String> batch = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      batch.add(maker.script());
      if (batch.size() == BATCH || i == count) {
        compare(batch, problems);
        batch.clear();
      }
    }
    assertTrue(valid > count / 2, "too few valid scripts to say anything: " + valid);
    assertTrue(refused < valid / 20, refused + " of " + valid + " valid scripts were refused");
  }

  private void compare(List<String> scripts, List<String> problems) throws Exception {
    for (int i = 0; i < scripts.size(); i++) {
      Files.writeString(folder.resolve(name(i)), scripts.get(i), StandardCharsets.UTF_8);
    }
    String driver =
        "for f in *.sh; do bash -n \"$f\" 2>/dev/null && : >\"$f.ok\";"
            + " shfmt -tojson <\"$f\" >\"$f.json\" 2>/dev/null || : >\"$f.json\"; done";
    Process process =
        new ProcessBuilder("bash", "-c", driver)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertEquals(0, process.waitFor());
    for (int i = 0; i < scripts.size(); i++) {
      check(scripts.get(i), name(i), problems);
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    assertTrue(problems.isEmpty(), () -> String.join("\n----\n", problems));
  }

  private static String name(int index) {
    return String.format("%05d.sh", index);
  }

  private void check(String source, String name, List<String> problems) throws IOException {
    Script script = ShellReader.read(source);
    boolean bash = Files.exists(folder.resolve(name + ".ok"));
    if (!bash) {
      if (script.readable()) {
        problems.add("Bash refuses, the reader does not:\n" + source);
      }
      return;
    }
    valid++;
    if (!script.readable()) {
      refused++;
      return;
    }
    String json = Files.readString(folder.resolve(name + ".json"));
    if (json.isBlank()) {
      return;
    }
    List<String> expected = new ArrayList<>();
    commands(JSON.readTree(json), expected);
    Set<String> seen = new HashSet<>();
    int count = 0;
    for (Part part : script.parts()) {
      count += part instanceof Part.Redirect ? 0 : 1;
      names(part, seen);
    }
    if (count < expected.size()) {
      problems.add("shfmt sees " + expected + ", the reader " + count + ":\n" + source);
    }
    for (String command : expected) {
      if (command != null && !seen.contains(command)) {
        problems.add("shfmt sees " + command + ", the reader does not:\n" + source);
      }
    }
  }

  private static void names(Part part, Set<String> seen) {
    if (part instanceof Part.Command command) {
      String program = command.words().get(0).text();
      seen.add(program);
      if (program.equals("time")) {
        // Before an option the reader takes it for the program, shfmt for the reserved word.
        command.words().forEach(word -> seen.add(word.text()));
      }
      command.spellings().forEach(words -> words.forEach(word -> seen.add(word.text())));
      command.wrappedIn().forEach(words -> words.forEach(word -> seen.add(word.text())));
    } else if (part instanceof Part.Computed computed) {
      seen.add(computed.words().get(0).text());
    }
  }

  /** Adds the program of every command in shfmt's tree; null where it is not literal. */
  private static void commands(JsonNode node, List<String> into) {
    if (node.path("Type").asText().equals("CallExpr") && node.path("Args").size() > 0) {
      JsonNode parts = node.path("Args").path(0).path("Parts");
      boolean literal = parts.size() == 1 && parts.path(0).path("Type").asText().equals("Lit");
      String text = parts.path(0).path("Value").asText();
      boolean plain = literal && text.matches("[A-Za-z0-9_./-]+");
      into.add(plain ? text : null);
    }
    for (JsonNode child : node) {
      commands(child, into);
    }
  }
}

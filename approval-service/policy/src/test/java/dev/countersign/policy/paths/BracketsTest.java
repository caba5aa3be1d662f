package dev.countersign.policy.paths;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.policy.JudgedCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a class of characters may stand for, with bash itself as the judge. */
class BracketsTest {
  private static final List<String> NAMES = List.of(".env", "secrets", "a-key.pem", "B_2", "x]y");

  private static final List<String> PIECES =
      List.of(
          "a",
          "v",
          "e",
          "V",
          "z",
          "A",
          "-",
          "-",
          "!",
          "^",
          "]",
          "0-9",
          "a-z",
          "A-Z",
          "c-a",
          "A-_",
          "Z-b",
          "[:alpha:]",
          "[:upper:]",
          "[:print:]",
          "[:graph:]",
          "[:word:]",
          "[:ascii:]",
          "[:foo:]",
          "[:",
          "[.a.]",
          "[.e.]-f",
          "a-[.f.]",
          "[=e=]",
          "[.hyphen.]",
          "\\\\]",
          "\\\\v");

  @TempDir Path folder;

  private final Random random = new Random(7);

  @Test
  void whateverBashPicksADenyMeets() throws IOException {
    for (String name : NAMES) {
      Files.createFile(folder.resolve(name));
    }
    List<String> globs = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      globs.add(glob());
    }
    int picked = 0;
    List<List<String>> found = bash(globs);
    for (int i = 0; i < globs.size(); i++) {
      for (String name : found.get(i)) {
        if (NAMES.contains(name)) {
          picked++;
          String glob = globs.get(i);
          assertTrue(
              Globs.meet(Oddities.folded(name), Brackets.folded(glob)),
              () -> glob + " is " + name + " for bash, and " + Brackets.folded(glob) + " here");
        }
      }
    }
    assertTrue(picked > 300, picked + " of the globs pick a name");
  }

  @Test
  void aQuotedMemberOfAClassMeansOnlyItself() throws IOException {
    for (String name : NAMES) {
      Files.createFile(folder.resolve(name));
    }
    List<String> globs = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      globs.add(quotedGlob());
    }
    int picked = 0;
    List<List<String>> found = bash(globs);
    for (int i = 0; i < globs.size(); i++) {
      String glob = globs.get(i);
      for (String name : found.get(i)) {
        if (NAMES.contains(name)) {
          picked++;
          assertEquals("ask", effect(name, glob), () -> glob + " is " + name + " for bash");
        }
      }
    }
    assertTrue(picked > 300, picked + " of the globs pick a name");
  }

  /** A name, one character of it a class of which some members are quoted. */
  private String quotedGlob() {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    int at = 1 + random.nextInt(name.length() - 1);
    List<String> members = new ArrayList<>(List.of(String.valueOf(name.charAt(at))));
    for (int i = random.nextInt(3); i >= 0; i--) {
      char member = "\\\\][!^-:".charAt(random.nextInt(8));
      members.add(random.nextInt(members.size() + 1), quoted(member));
    }
    for (int i = random.nextInt(2); i > 0; i--) {
      members.add(random.nextInt(members.size() + 1), "x");
    }
    return name.substring(0, at) + "[" + String.join("", members) + "]" + name.substring(at + 1);
  }

  private String quoted(char member) {
    return switch (random.nextInt(3)) {
      case 0 -> "'" + member + "'";
      case 1 -> member == '\\' ? "\"\\\\\"" : "\"" + member + "\"";
      default -> "\\" + member;
    };
  }

  private static Object effect(String denied, String glob) {
    Map<String, List<String>> rules =
        Map.of("deny", List.of("Read(" + denied + ")"), "allow", List.of("Bash(*)"));
    return JudgedCommand.effect("default", rules, "cat " + glob);
  }

  /** A name, one character of it a class of random pieces. */
  private String glob() {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    int at = 1 + random.nextInt(name.length() - 1);
    StringBuilder set = new StringBuilder(random.nextInt(3) == 0 ? "!" : "");
    for (int i = random.nextInt(3); i >= 0; i--) {
      set.append(PIECES.get(random.nextInt(PIECES.size())).replace("\\\\", "\\"));
    }
    if (random.nextInt(3) == 0) {
      set.append(name.charAt(at));
    }
    return name.substring(0, at) + "[" + set + "]" + name.substring(at + 1);
  }

  /** The names that each glob stands for; the glob itself if it stands for none. */
  private List<List<String>> bash(List<String> globs) throws IOException {
    Path script = Files.createTempFile("globs", ".sh");
    StringBuilder text = new StringBuilder();
    globs.forEach(glob -> text.append("printf '%s ' ").append(glob).append("; echo\n"));
    Files.writeString(script, text);
    Process bash =
        new ProcessBuilder("bash", script.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    List<List<String>> found = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(bash.getInputStream(), StandardCharsets.UTF_8))) {
      out.lines().forEach(line -> found.add(List.of(line.trim().split(" "))));
    } finally {
      Files.delete(script);
    }
    assertEquals(globs.size(), found.size());
    return found;
  }

  @Test
  void anAllowReadsAClassAsItIsWritten() {
    assertTrue(Globs.fits("[a-c]x", "bx"));
    assertTrue(Globs.fits("[[:upper:]]x", "Bx"));
    assertTrue(Globs.fits("[!a]x", "bx"));
    assertFalse(Globs.fits("[!a]x", "ax"));
    assertFalse(Globs.fits("[[:upper:]]x", "bx"));
    assertFalse(Globs.fits("[[:word:]]x", "bx"));
    assertFalse(Globs.fits("[![.a.]]x", "bx"));
  }

  @Test
  void whatIsPlainStaysWhatItIs() {
    assertEquals("[a-c]x", Brackets.folded("[a-c]X"));
    assertEquals("settings", Brackets.folded("[s]ettin[g]s"));
    assertEquals("?x", Brackets.folded("[!a]x"));
    assertEquals("[x", Brackets.folded("[X"));
  }
}

package dev.countersign.policy.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** The cases in {@code src/test/resources/shell}: each file is named after what it proves. */
class ShellReaderTest {
  private static Stream<DynamicTest> cases(String file, ThrowingConsumer<ShellCases.Line> check) {
    return ShellCases.read(file).stream()
        .map(line -> DynamicTest.dynamicTest(line.toString(), () -> check.accept(line)));
  }

  private static List<String> readings(Part part) {
    List<String> all = new ArrayList<>();
    if (part instanceof Part.Command command) {
      all.add(Call.joined(command.words()));
      command.spellings().forEach(words -> all.add(Call.joined(words)));
    } else if (part instanceof Part.Computed computed) {
      all.add(Call.joined(computed.words()));
    } else if (part instanceof Part.Opaque opaque) {
      all.add(Call.joined(opaque.words()));
    }
    return all;
  }

  private static boolean begins(String reading, String expected) {
    return reading.equals(expected) || reading.startsWith(expected + " ");
  }

  private static boolean anyReading(Script script, String expected) {
    return script.parts().stream()
        .anyMatch(part -> readings(part).stream().anyMatch(text -> begins(text, expected)));
  }

  /** Whether rules that allow exactly commands beginning so would let the script run. */
  private static boolean allowedBy(Script script, String beginning) {
    return script.readable()
        && !script.parts().isEmpty()
        && script.parts().stream()
            .allMatch(
                part ->
                    part instanceof Part.Command command
                        && command.allowable()
                        && !command.exactOnly()
                        && begins(Call.joined(command.words()), beginning));
  }

  private static boolean covered(Script script, List<Part.Reach> reaches, boolean writes) {
    return script.readable()
        && !script.parts().isEmpty()
        && script.parts().stream()
            .allMatch(
                part ->
                    part instanceof Part.Redirect redirect
                            && (writes || redirect.path().use() == PathUse.Use.READ)
                        || part instanceof Part.Command command
                            && command.allowable()
                            && reaches.contains(command.reach()));
  }

  @TestFactory
  Stream<DynamicTest> seesEveryCommand() {
    return cases(
        "sees.txt",
        line ->
            assertTrue(
                anyReading(ShellReader.read(line.script()), line.expected()), () -> shown(line)));
  }

  @TestFactory
  Stream<DynamicTest> provesReading() {
    return cases(
        "reads.txt",
        line ->
            assertTrue(
                covered(ShellReader.read(line.script()), List.of(Part.Reach.READ), false),
                () -> shown(line)));
  }

  @TestFactory
  Stream<DynamicTest> doesNotTakeForReading() {
    return cases(
        "asks.txt",
        line ->
            assertFalse(
                covered(ShellReader.read(line.script()), List.of(Part.Reach.READ), false),
                () -> shown(line)));
  }

  @TestFactory
  Stream<DynamicTest> knowsEdits() {
    return cases(
        "edits.txt",
        line -> {
          Script script = ShellReader.read(line.script());
          assertTrue(
              covered(script, List.of(Part.Reach.READ, Part.Reach.EDIT), true), () -> shown(line));
          assertFalse(covered(script, List.of(Part.Reach.READ), false), () -> shown(line));
        });
  }

  @TestFactory
  Stream<DynamicTest> knowsDeletions() {
    return cases(
        "deletes.txt",
        line ->
            assertTrue(
                paths(ShellReader.read(line.script())).contains("DELETE " + line.expected()),
                () -> shown(line)));
  }

  @TestFactory
  Stream<DynamicTest> refusesWhatIsNoScript() {
    return cases(
        "unreadable.txt",
        line -> {
          Script script = ShellReader.read(line.script());
          assertNotNull(script.problem(), () -> shown(line));
          if (!line.expected().isEmpty()) {
            assertTrue(anyReading(script, line.expected()), () -> shown(line));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> leavesAllowable() {
    return cases(
        "allowable.txt",
        line ->
            assertTrue(
                allowedBy(ShellReader.read(line.script()), line.expected()), () -> shown(line)));
  }

  @TestFactory
  Stream<DynamicTest> takesOutOfEveryAllow() {
    return cases(
        "not-allowable.txt",
        line ->
            assertFalse(
                allowedBy(ShellReader.read(line.script()), line.expected()), () -> shown(line)));
  }

  @TestFactory
  Stream<DynamicTest> findsPaths() {
    return cases(
        "paths.txt",
        line ->
            assertTrue(
                paths(ShellReader.read(line.script())).contains(line.expected()),
                () -> shown(line)));
  }

  @TestFactory
  Stream<DynamicTest> findsHosts() {
    return cases(
        "hosts.txt",
        line ->
            assertTrue(
                ShellReader.read(line.script()).parts().stream()
                    .anyMatch(
                        part ->
                            part instanceof Part.Command command
                                && command.hosts().contains(line.expected())),
                () -> shown(line)));
  }

  @TestFactory
  Stream<DynamicTest> knowsWhatItCannotRead() {
    return cases(
        "opaque.txt",
        line ->
            assertTrue(
                ShellReader.read(line.script()).parts().stream()
                    .anyMatch(Part.Opaque.class::isInstance),
                () -> shown(line)));
  }

  @TestFactory
  Stream<DynamicTest> knowsComputedCommands() {
    return cases(
        "computed.txt",
        line -> {
          Script script = ShellReader.read(line.script());
          assertTrue(
              script.parts().stream().anyMatch(Part.Computed.class::isInstance), () -> shown(line));
          if (!line.expected().isEmpty()) {
            assertTrue(anyReading(script, line.expected()), () -> shown(line));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> keepsForExactRules() {
    return cases(
        "exact-only.txt",
        line ->
            assertTrue(
                ShellReader.read(line.script()).parts().stream()
                    .anyMatch(part -> part instanceof Part.Command command && command.exactOnly()),
                () -> shown(line)));
  }

  @Test
  void anExactRuleForTheWholeLineCoversTheCommandInside() {
    Script script = ShellReader.read("find . -name x -exec rm {} \\;");
    List<String> inside = new ArrayList<>();
    for (Part part : script.parts()) {
      if (part instanceof Part.Command command && !command.wrappedIn().isEmpty()) {
        inside.add(Call.joined(command.wrappedIn().get(0)));
      }
    }
    assertEquals(List.of("find . -name x -exec rm {} ;"), inside);
  }

  @Test
  void aStrangeCharacterIsNamed() {
    Part.Command command = (Part.Command) ShellReader.read("echo hi\u200b").parts().get(0);
    assertEquals("holds U+200B ZERO WIDTH SPACE", command.whyNot());
  }

  @Test
  void whatRunsInTheBackgroundIsMarked() {
    List<Part> parts = ShellReader.read("a & b; (c; d) &").parts();
    assertEquals(List.of(true, false, true, true), parts.stream().map(Part::background).toList());
  }

  @Test
  void aLongScriptIsReadButNotAllowed() {
    Script script = ShellReader.read("echo " + "a".repeat(11_000) + "; rm x");
    assertTrue(script.readable());
    assertTrue(anyReading(script, "rm x"));
    assertFalse(((Part.Command) script.parts().get(1)).allowable());
  }

  private static List<String> paths(Script script) {
    List<String> all = new ArrayList<>();
    for (Part part : script.parts()) {
      List<PathUse> uses = List.of();
      if (part instanceof Part.Command command) {
        uses = command.paths();
      } else if (part instanceof Part.Redirect redirect) {
        uses = List.of(redirect.path());
      }
      uses.forEach(
          use -> all.add(use.use() + " " + use.path().text() + (use.path().literal() ? "" : "?")));
    }
    return all;
  }

  private static String shown(ShellCases.Line line) {
    Script script = ShellReader.read(line.script());
    return line
        + "\n"
        + script.problem()
        + "\n"
        + String.join("\n", script.parts().stream().map(Part::toString).toList());
  }
}

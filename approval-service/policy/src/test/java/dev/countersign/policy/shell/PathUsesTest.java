package dev.countersign.policy.shell;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** However options and operands are put together, a command touches no more than it has words. */
class PathUsesTest {
  private static final int FEW = 100;
  private static final int MANY = 8 * FEW;

  @TestFactory
  Stream<DynamicTest> anOptionAgainAndAgainBesideAsManyOperands() {
    return CommandTable.entries().stream()
        .flatMap(
            entry ->
                CommandTable.VALUED.stream()
                    .flatMap(kind -> entry.options(kind).stream())
                    .map(option -> command(entry, option)))
        .distinct()
        .map(command -> DynamicTest.dynamicTest(command, () -> growsByItsWords(command)));
  }

  /** The command's name, an option of it and what makes it read folders, if anything does. */
  private static String command(CommandTable.Entry entry, String option) {
    String trees = Stream.concat(entry.options("trees").stream(), Stream.of("")).findFirst().get();
    String verbs = Stream.concat(entry.options("verbs").stream(), Stream.of("")).findFirst().get();
    return entry.names().get(0) + " " + verbs + " " + trees + "\t" + option;
  }

  private static void growsByItsWords(String command) {
    String name = command.substring(0, command.indexOf('\t'));
    String option = command.substring(command.indexOf('\t') + 1);
    for (String value : new String[] {" d%d", " /d%d,source=/e%d,x", " ./d%d:/x", " -"}) {
      linear(name, option + value, " o%d");
    }
  }

  private static void linear(String name, String option, String operand) {
    long few = uses(name, option, operand, FEW);
    long many = uses(name, option, operand, MANY);
    assertTrue(
        many <= 10 * few + 40,
        () -> name + " " + option + ": " + few + " paths, with eight times the words " + many);
    assertTrue(many <= 40L * MANY, () -> name + " " + option + ": " + many + " paths");
  }

  private static long uses(String name, String option, String operand, int count) {
    StringBuilder script = new StringBuilder("find a b -print0 | xargs -0 ").append(name);
    for (int i = 0; i < count; i++) {
      script.append(' ').append(option.replace("%d", String.valueOf(i)));
    }
    for (int i = 0; i < count; i++) {
      script.append(operand.replace("%d", String.valueOf(i)));
    }
    long uses = 0;
    for (Part part : ShellReader.read(script.toString()).parts()) {
      uses += part instanceof Part.Command command ? command.paths().size() : 0;
      uses += part instanceof Part.Computed computed ? computed.paths().size() : 0;
    }
    return uses;
  }

  @Test
  void whatIsNamedAgainIsTouchedOnce() {
    linear("cat", "a", " a");
    linear("find a b c d -print0 | xargs -0 -I{} cp", "{}", " {}");
  }

  @Test
  void oneLongMountCostsNoMoreThanItsLength() {
    CountedReader reader = new CountedReader();
    for (String piece : new String[] {"/a,", "source=/a,", "src=b,/", "a:"}) {
      long few = reader.steps("docker run -v /" + piece.repeat(500) + " x");
      long many = reader.steps("docker run -v /" + piece.repeat(4_000) + " x");
      assertTrue(many <= 12 * few, () -> piece + ": " + few + " steps, then " + many);
    }
  }

  @Test
  void manyFoldersThatOperandsLieInCostNoMoreThanTheirLength() {
    CountedReader reader = new CountedReader();
    long few = reader.steps("tar c " + "-C a ".repeat(200) + "b ".repeat(200));
    long many = reader.steps("tar c " + "-C a ".repeat(1_600) + "b ".repeat(1_600));
    assertTrue(many <= 12 * few, () -> few + " steps, then " + many);
  }
}

package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.policy.shell.CommandTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whether a value stands apart or is glued to a bundle of options, the command reads the same. */
class GluedValuesTest {
  private static final List<String> VALUES = List.of("/tmp/y", "./y", ".bak", "'^x y'", "~/k.pem");

  @Test
  void aBundleThatReadsFoldersDoesSoWithAnyValueGluedToIt() {
    List<String> wrong = new ArrayList<>();
    for (CommandTable.Entry entry : CommandTable.entries()) {
      List<String> letters = letters(entry.options("trees"));
      for (String kind : CommandTable.VALUED) {
        for (String option : letters(entry.options(kind))) {
          letters.forEach(letter -> compare(entry.names().get(0), letter, option, wrong));
        }
      }
    }
    for (String option : "e f m A B C D d".split(" ")) {
      compare("grep", "-r", "-" + option, wrong);
    }
    assertEquals(List.of(), wrong);
  }

  private static List<String> letters(List<String> options) {
    return options.stream().filter(option -> option.matches("-[A-Za-z]")).toList();
  }

  private static void compare(String name, String letter, String option, List<String> wrong) {
    for (String value : VALUES) {
      String apart = name + " " + letter + " " + option + " " + value + " src dst";
      String bundle = name + " " + letter + option.substring(1) + " " + value + " src dst";
      String glued = name + " " + letter + option.substring(1) + value + " src dst";
      for (String mode : List.of("bypassPermissions", "acceptEdits", "default")) {
        Object expected = effect(mode, apart);
        for (String other : List.of(bundle, glued)) {
          if (!expected.equals(effect(mode, other))) {
            wrong.add(
                mode
                    + ": "
                    + expected
                    + " "
                    + apart
                    + ", but "
                    + effect(mode, other)
                    + " "
                    + other);
          }
        }
      }
    }
  }

  private static Object effect(String mode, String command) {
    return JudgedCommand.effect(mode, Map.of("deny", List.of("Read(.env)")), command);
  }
}

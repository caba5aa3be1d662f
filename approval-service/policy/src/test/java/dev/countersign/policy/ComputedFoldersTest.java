package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A folder whose name is made while the script runs, or of which only a glob is known. */
class ComputedFoldersTest {
  private static final List<String> EVERYDAY =
      List.of(
          "rm x.log",
          "rm -f build.log",
          "touch a && rm a",
          "rm -rf dist",
          "rm -rf ./node_modules/.cache",
          "rm -f *.o",
          "rm -f a-$F.tmp",
          "rmdir out",
          "unlink x",
          "mv a b",
          "find . -name '*.pyc' -delete",
          "find out -name '*.pyc' | xargs rm -f");

  /** Ways to get there: what comes before the removal, and what behind it. */
  private static final List<List<String>> WAYS =
      List.of(
          List.of("cd $DIR && ", ""),
          List.of("cd \"$(git rev-parse --show-toplevel)\" && ", ""),
          List.of("cd $(mktemp -d) && ", ""),
          List.of("cd \"$(dirname \"$0\")\" && ", ""),
          List.of("cd `x`; ", ""),
          List.of("cd ~/$X && ", ""),
          List.of("pushd \"$X\"; ls; popd; ", ""),
          List.of("pushd $X; ", ""),
          List.of("cd $X; ls; cd -; ", ""),
          List.of("for d in p/*; do cd $d; ", "; done"),
          List.of("for d in $X/*; do cd \"$d\"; ", "; done"),
          List.of("for d in packages/*; do (cd \"$d\" && ", "); done"));

  @Test
  void anEverydayRemovalThereIsNoRemovalOfAFolderNobodyKnows() {
    List<String> wrong = new ArrayList<>();
    for (String mode : List.of("default", "acceptEdits", "bypassPermissions")) {
      for (String removal : EVERYDAY) {
        assertTrue(!deny(mode, removal), removal);
        for (List<String> way : WAYS) {
          String script = way.get(0) + removal + way.get(1);
          if (deny(mode, script)) {
            wrong.add(mode + ": " + script);
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static boolean deny(String mode, String command) {
    return effect(mode, List.of(), command).equals("deny");
  }

  @Test
  void aGlobForAFolderIsNoWeakerThanItsName() {
    List<String> wrong = new ArrayList<>();
    int seen = 0;
    for (String command : List.of("gpg -c ", "npx prettier --write ", "acme-sync ")) {
      for (String rule : List.of("Read(secrets/**)", "Edit(secrets/**)")) {
        for (String mode : List.of("default", "bypassPermissions")) {
          String expected = effect(mode, List.of(rule), command + "sub/secrets/k.pem");
          for (String folder : globs("secrets")) {
            for (String quote : List.of("", "'")) {
              String glob = quote + "sub/" + folder + "/*.pem" + quote;
              String effect = effect(mode, List.of(rule), command + glob);
              seen++;
              if (weaker(effect, expected)) {
                wrong.add(mode + " " + rule + ": " + effect + " " + command + glob);
              }
            }
          }
        }
      }
    }
    assertTrue(seen > 300, seen + " globs");
    assertEquals(List.of(), wrong);
  }

  /** A name with one letter of it replaced by what may stand for that letter. */
  private static List<String> globs(String name) {
    List<String> globs = new ArrayList<>();
    for (int i = 0; i < name.length(); i++) {
      for (String wild : List.of("?", "*", "[" + name.charAt(i) + "x]")) {
        globs.add(name.substring(0, i) + wild + name.substring(i + 1));
      }
    }
    return globs;
  }

  private static boolean weaker(String effect, String than) {
    List<String> order = List.of("allow", "ask", "deny");
    return order.indexOf(effect) < order.indexOf(than);
  }

  private static String effect(String mode, List<String> denies, String command) {
    return JudgedCommand.effect(mode, Map.of("deny", denies, "allow", List.of("Bash(*)")), command);
  }
}

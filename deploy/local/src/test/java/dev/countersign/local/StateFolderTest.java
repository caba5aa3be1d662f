package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFolderTest {
  @TempDir Path dir;

  @Test
  void onlyItsOwnerCanEnterAndItStaysBetweenRuns() throws IOException {
    Path folder = dir.resolve("a folder");
    Path data;
    try (StateFolder state = StateFolder.take(folder, false)) {
      data = Files.createDirectory(state.postgres()).resolve("data");
      Files.writeString(data, "kept");
    }
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    StateFolder.take(folder, false).close();
    assertTrue(Files.exists(data));
    StateFolder.take(folder, true).close();
    assertFalse(Files.exists(data));
  }

  @Test
  void theTokensOfAnEarlierRunAreGoneBeforeTheNextIsReady() throws IOException {
    StateFolder.take(dir.resolve("state"), false).close();
    Path env = Files.writeString(dir.resolve("state/countersign.env"), "COUNTERSIGN_URL=old");
    try (StateFolder state = StateFolder.take(dir.resolve("state"), false)) {
      assertEquals(env, state.envFile());
      assertFalse(Files.exists(env));
    }
  }

  @Test
  void aFolderWithOtherFilesIsNeverUsedNorEmptied() throws IOException {
    Path thesis = Files.writeString(dir.resolve("thesis.txt"), "ten years of work");
    LaunchException refused =
        assertThrows(LaunchException.class, () -> StateFolder.take(dir, true));
    assertTrue(refused.getMessage().contains("is no state folder"), refused::getMessage);
    assertTrue(Files.exists(thesis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lock", "countersign-state", "countersign.env", "postgres", "logs"})
  void aFolderWithAFileOfTheSameNameIsNoStateFolder(String name) throws IOException {
    Path other = Files.writeString(dir.resolve(name), "somebody else's");
    Path thesis = Files.writeString(dir.resolve("thesis.txt"), "ten years of work");
    assertThrows(LaunchException.class, () -> StateFolder.take(dir, true));
    assertEquals("somebody else's", Files.readString(other));
    Files.delete(thesis);
    assertThrows(LaunchException.class, () -> StateFolder.take(dir, true));
    assertEquals("somebody else's", Files.readString(other));
  }

  @Test
  void freshRemovesOnlyWhatAStackMade() throws IOException {
    Path rules = Files.createDirectories(dir.resolve("etc")).resolve("managed-rules");
    Files.writeString(rules, "revision 1");
    Path hook = Files.writeString(dir.resolve("claude-code.sh"), "#!/bin/sh");
    StateFolder.take(dir, false).close();
    Path notes = Files.writeString(dir.resolve("notes.txt"), "mine");
    StateFolder.take(dir, true).close();
    assertTrue(Files.exists(rules));
    assertTrue(Files.exists(hook), "without its hook an agent would go on unasked");
    assertTrue(Files.exists(notes));
  }

  @Test
  void aStateFolderMayLieInAnother() throws IOException {
    StateFolder.take(dir.resolve("second"), false).close();
    StateFolder.take(dir, false).close();
    StateFolder.take(dir, true).close();
    assertTrue(Files.exists(dir.resolve("second/logs")));
  }

  @Test
  void aStartThatEndedBeforeItMarkedTheFolderIsNoHindrance() throws IOException {
    Files.createFile(dir.resolve("countersign-state"));
    StateFolder.take(dir, false).close();
    Files.writeString(dir.resolve("kept"), "kept");
    StateFolder.take(dir, false).close();
  }

  @Test
  void aPartThatIsStartedAgainWritesOnAndTheNextRunKeepsTheLog() throws IOException {
    Path log;
    try (StateFolder state = StateFolder.take(dir.resolve("state"), false)) {
      log = state.log("permission-store");
      Files.writeString(log, "the first death\n");
      assertEquals(log, state.log("permission-store"));
      Files.writeString(log, "the second death\n", StandardOpenOption.APPEND);
      assertEquals(log, state.log("permission-store"));
      assertEquals(List.of("the first death", "the second death"), Files.readAllLines(log));
    }
    try (StateFolder state = StateFolder.take(dir.resolve("state"), false)) {
      assertEquals(log, state.log("permission-store"));
      assertFalse(Files.exists(log));
      assertEquals(
          List.of("the first death", "the second death"),
          Files.readAllLines(log.resolveSibling("permission-store.log.1")));
    }
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "");
    LaunchException refused =
        assertThrows(LaunchException.class, () -> StateFolder.take(file, false));
    assertEquals("the state folder " + file + " is no folder", refused.getMessage());
    LaunchException below =
        assertThrows(LaunchException.class, () -> StateFolder.take(file.resolve("x"), false));
    assertTrue(below.getMessage().startsWith("cannot use the state folder"), below::getMessage);
  }
}

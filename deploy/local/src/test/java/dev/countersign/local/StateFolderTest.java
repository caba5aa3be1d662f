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

class StateFolderTest {
  @TempDir Path dir;

  @Test
  void onlyItsOwnerCanEnterAndItStaysBetweenRuns() throws IOException {
    Path folder = dir.resolve("a folder");
    try (StateFolder state = StateFolder.take(folder, false)) {
      Files.writeString(state.dir().resolve("kept"), "kept");
    }
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    StateFolder.take(folder, false).close();
    assertTrue(Files.exists(folder.resolve("kept")));
    StateFolder.take(folder, true).close();
    assertFalse(Files.exists(folder.resolve("kept")));
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

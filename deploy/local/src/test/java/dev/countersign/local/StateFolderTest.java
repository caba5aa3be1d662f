package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.Folders;
import dev.countersign.embedded.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

  /** A part of what was there would be read as the whole of another stack. */
  @Test
  void whatFreshBeganToRemoveTheNextStartRemoves() throws IOException {
    Path folder = dir.resolve("state");
    for (int end = 0; ; end++) {
      List<Path> kept = new ArrayList<>();
      try (StateFolder state = StateFolder.take(folder, false)) {
        for (Path part :
            List.of(
                state.kafka(),
                state.kafkaSecured(),
                state.kafkaSecurity(),
                state.postgres(),
                state.keys(),
                state.programs())) {
          kept.add(Files.writeString(Files.createDirectory(part).resolve("kept"), "kept"));
        }
      }
      AtomicInteger left = new AtomicInteger(end);
      try {
        StateFolder.take(folder, true, path -> removeOrEnd(path, left)).close();
        assertTrue(end > kept.size(), "it ended before each part once");
        return;
      } catch (LaunchException ended) {
        StateFolder.take(folder, false).close();
        for (Path file : kept) {
          assertFalse(Files.exists(file), file + " after an end at " + end);
        }
      }
    }
  }

  private static void removeOrEnd(Path path, AtomicInteger left) {
    if (left.getAndDecrement() == 0) {
      throw new UncheckedIOException(new IOException("as if it had been killed"));
    }
    Folders.delete(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "folder", "link"})
  void whatOnlyHasTheNameOfTheNoteOrdersNothing(String kind) throws IOException {
    Path folder = dir.resolve("state");
    Path kept;
    try (StateFolder state = StateFolder.take(folder, false)) {
      kept = Files.writeString(Files.createDirectory(state.kafka()).resolve("kept"), "kept");
    }
    Path name = folder.resolve("countersign-removing");
    switch (kind) {
      case "file" -> Files.writeString(name, "mine");
      case "folder" -> Files.createDirectory(name);
      default -> Files.createSymbolicLink(name, Files.writeString(dir.resolve("mine"), "mine"));
    }
    StateFolder.take(folder, false).close();
    LaunchException refused =
        assertThrows(LaunchException.class, () -> StateFolder.take(folder, true));
    assertTrue(refused.getMessage().contains(name.toString()), refused.getMessage());
    assertTrue(Files.exists(kept));
    assertTrue(Files.exists(name));
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

  @Test
  void aFolderThatWasThereBeforeIsClosedToOthers() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("before"));
    Files.createFile(folder.resolve("claude-code.sh"));
    open(folder);
    StateFolder.take(folder, false).close();
    assertEquals("rwx------", mode(folder));
    assertEquals("rwx------", mode(folder.resolve("logs")));
    open(folder);
    open(folder.resolve("logs"));
    StateFolder.take(folder, false).close();
    assertEquals("rwx------", mode(folder));
    assertEquals("rwx------", mode(folder.resolve("logs")));

    Path others = Files.createDirectory(dir.resolve("others"));
    Files.createFile(others.resolve("thesis.txt"));
    open(others);
    assertThrows(LaunchException.class, () -> StateFolder.take(others, false));
    assertEquals("rwxr-xr-x", mode(others), "it is none of ours");
  }

  private static void open(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String mode(Path folder) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kafka",
        "kafka-secured",
        "kafka-security",
        "postgres",
        "keys",
        "programs",
        "logs",
        "children",
        "countersign-removing",
        "countersign.env",
        "countersign-state",
        "etc"
      })
  void noStackTakesWhatAnotherWritesUnderItsOwnNames(String name) throws IOException {
    Path first = dir.resolve("first");
    StateFolder.take(first.resolve(name), false).close();
    Path data = Files.writeString(first.resolve(name).resolve("logs/data"), "kept");
    for (boolean fresh : new boolean[] {false, true}) {
      LaunchException refused =
          assertThrows(LaunchException.class, () -> StateFolder.take(first, fresh));
      assertTrue(
          refused.getMessage().startsWith(first.resolve(name) + " is a state folder itself"),
          refused::getMessage);
      assertEquals("kept", Files.readString(data));
    }

    Path second = dir.resolve("second");
    StateFolder.take(second, false).close();
    if (!Files.isRegularFile(second.resolve(name))) {
      Path link = Files.createSymbolicLink(dir.resolve("link-to-" + name), second);
      for (Path inner :
          List.of(second.resolve(name), second.resolve(name).resolve("x/y"), link.resolve(name))) {
        LaunchException refused =
            assertThrows(LaunchException.class, () -> StateFolder.take(inner, true));
        assertTrue(refused.getMessage().contains(" belongs to the state folder "), name);
        assertFalse(Files.exists(inner.resolve("countersign-state")));
      }
    }
    StateFolder.take(second, true).close();
  }

  @Test
  @Timeout(120)
  void nothingIsRemovedBeforeTheLastStackHasEnded() throws Exception {
    Path folder = dir.resolve("state");
    Path data;
    Path go = dir.resolve("go");
    Path seen = dir.resolve("seen");
    Child child;
    try (StateFolder state = StateFolder.take(folder, false)) {
      data = Files.createDirectory(state.kafka()).resolve("data");
      Files.writeString(data, "being written");
      child =
          Child.start(
              "Kafka",
              List.of(
                  "sh",
                  "-c",
                  "while [ ! -e '%s' ]; do sleep 0.05; done; cp '%s' '%s'"
                      .formatted(go, data, seen)),
              Map.of(),
              state.log("kafka"));
      new Leftovers(state.children()).remember(child);
      Files.writeString(state.children(), "12", StandardOpenOption.APPEND);
    }
    Thread next = new Thread(() -> StateFolder.take(folder, true).close());
    next.start();
    awaitWaiting(next);
    Files.createFile(go);
    next.join();
    assertEquals("being written", Files.readString(seen), "it was there until the last moment");
    assertFalse(child.isAlive());
    assertFalse(Files.exists(data));
  }

  @Test
  @Timeout(180)
  void nothingIsRemovedUnderARunningPostgres() throws Exception {
    Path folder = dir.resolve("state");
    Path data;
    try (StateFolder state = StateFolder.take(folder, false)) {
      data = state.postgres();
    }
    ProcessHandle postgres = PostgresServer.startOnFreePort(data).process();
    Thread next = new Thread(() -> StateFolder.take(folder, true).close());
    next.start();
    awaitWaiting(next);
    assertTrue(Files.exists(data.resolve("data/postmaster.pid")));
    postgres.destroy();
    next.join();
    assertFalse(Files.exists(data));
  }

  /** Until it waits for the end of what it found, or has not and is through. */
  private static void awaitWaiting(Thread thread) {
    Awaitility.await()
        .until(
            () ->
                thread.getState() == Thread.State.TIMED_WAITING
                    || thread.getState() == Thread.State.TERMINATED);
  }
}

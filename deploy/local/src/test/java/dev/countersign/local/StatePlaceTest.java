package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatePlaceTest {
  @TempDir Path temporary;
  private Path dir;

  @BeforeEach
  void withoutLinksAbove() throws IOException {
    dir = temporary.toRealPath();
  }

  @Test
  void itIsUsuallyInTheHome() {
    assertEquals(Path.of("/home/ann/.countersign"), StatePlace.usual(Map.of("HOME", "/home/ann")));
    assertEquals(
        Path.of(System.getProperty("user.home"), ".countersign"), StatePlace.usual(Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {".countersign", ".countersign/local", "a/.countersign/b/c"})
  void whereTheShippedRulesKeepAgentsOut(String place) throws IOException {
    StatePlace.require(dir.resolve(place));
    StatePlace.require(Files.createDirectories(dir.resolve(place)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"state", "countersign", ".countersign-2", "x.countersign", ".Countersign", "a/b"})
  void anywhereElseAnAgentCouldReadTheKeys(String place) {
    Path state = dir.resolve(place);
    LaunchException refused = assertThrows(LaunchException.class, () -> StatePlace.require(state));
    assertTrue(refused.getMessage().endsWith("; not " + state), refused::getMessage);
  }

  @Test
  void aLinkMustNotLeadOut() throws IOException {
    Path elsewhere = Files.createDirectories(dir.resolve("srv/state"));
    Path link = Files.createSymbolicLink(dir.resolve(".countersign"), elsewhere);
    for (Path state : new Path[] {link, link.resolve("not/yet")}) {
      LaunchException refused =
          assertThrows(LaunchException.class, () -> StatePlace.require(state));
      assertTrue(
          refused.getMessage().contains(", which leads to " + elsewhere), refused::getMessage);
    }
  }

  @Test
  void aLinkIntoOneIsNoneByItsOwnName() throws IOException {
    Path hidden = Files.createDirectories(dir.resolve(".countersign/local"));
    Path link = Files.createSymbolicLink(dir.resolve("state"), hidden);
    assertThrows(LaunchException.class, () -> StatePlace.require(link));
  }
}

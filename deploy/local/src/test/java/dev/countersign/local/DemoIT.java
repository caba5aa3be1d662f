package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The main job, end to end, on an empty folder, again on the same one, and on an emptied one. */
@Timeout(900)
class DemoIT {
  @TempDir Path dir;

  @Test
  void theDemoPasses() throws Exception {
    play(dir.resolve(".countersign"), Ports.free(), "--demo");
  }

  @Test
  @Tag("exhaustive")
  void theDemoPassesTwiceInARowAndFresh() throws Exception {
    Path state = dir.resolve(".countersign");
    Ports ports = Ports.free();
    play(state, ports, "--demo");
    play(state, ports, "--demo");
    play(state, ports, "--demo", "--fresh");
  }

  private static void play(Path state, Ports ports, String... options) throws Exception {
    try (Launched demo = Launched.start(state, ports, options)) {
      assertEquals(0, demo.status(), demo::output);
      assertTrue(demo.output().contains("17 of 17 decisions are as they should be"), demo::output);
      assertFalse(demo.output().contains("WRONG"), demo::output);
      assertEquals(List.of(), demo.processes());
    }
  }
}

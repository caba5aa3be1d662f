package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.countersign.embedded.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
  @TempDir Path dir;

  @Test
  void aBuildDoesNotTouchWhatRuns() throws IOException {
    Path app = dir.resolve("checkout/agent-gateway/target/quarkus-app");
    Files.createDirectories(app.resolve("lib"));
    Files.writeString(app.resolve("quarkus-run.jar"), "old");
    Files.writeString(app.resolve("lib/x.jar"), "old");
    Programs programs = Programs.take(new Checkout(dir.resolve("checkout")), dir.resolve("own"));
    Path runner = programs.runner(ServiceName.GATEWAY);

    Folders.delete(app);
    Files.createDirectories(app);
    Files.writeString(app.resolve("quarkus-run.jar"), "new");

    assertEquals("old", Files.readString(runner));
    assertEquals("old", Files.readString(runner.resolveSibling("lib/x.jar")));
    assertEquals(runner, programs.runner(ServiceName.GATEWAY));

    Programs next = Programs.take(new Checkout(dir.resolve("checkout")), dir.resolve("own"));
    assertEquals("new", Files.readString(next.runner(ServiceName.GATEWAY)));
    assertFalse(Files.exists(runner.resolveSibling("lib/x.jar")));
  }
}

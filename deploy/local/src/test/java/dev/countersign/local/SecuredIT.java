package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/up --secure}: the main job where each part may do no more than it must. */
@Tag("full")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecuredIT {
  @TempDir static Path dir;

  private final Path state = dir.resolve(".countersign");

  @Test
  @Order(1)
  void theMainJobGoesAsItShouldOverHttpAndOverKafka() throws Exception {
    try (Launched up = Launched.start(state, Ports.free(), "--secure", "--demo")) {
      assertEquals(0, up.status(), up::output);
    }
  }

  /** It would show to everybody on the machine what was kept for those who log in. */
  @Test
  @Order(2)
  void whatWasMadeSecureIsNeverOpenedToEverybody() throws Exception {
    try (Launched up = Launched.start(state, Ports.free(), "--demo")) {
      assertEquals(1, up.status(), up::output);
      assertTrue(up.output().contains("was made with --secure"), up::output);
    }
  }

  @Test
  @Order(3)
  void itStartsAgainWithTheSameLogins() throws Exception {
    try (Launched up = Launched.start(state, Ports.free(), "--secure", "--demo")) {
      assertEquals(0, up.status(), up::output);
    }
  }
}

package dev.countersign.store.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand users' files, the store killed in the middle, and everything once more. */
@Tag("full")
class ImportKilledIT {
  private static final int USERS = 1000;
  private static final int NEWER = 50;
  private static final String IMPORTED =
      "select count(*) from permission_history where via = 'import'";
  private static final Path LOG = Path.of("target", "import-killed.log");

  @Test
  void everyoneHasExactlyOneDocumentAndNewerRowsStay() throws Exception {
    Backends backends = new Backends();
    Map<String, String> config = backends.start();
    config.forEach(System::setProperty);
    Path folder = Path.of(config.get("countersign.import.folder"));
    try (World world = new World()) {
      try (StoreProcess store = StoreProcess.start(LOG, config)) {
        for (int i = 0; i < NEWER; i++) {
          settle(world, store, user(i));
        }
      }
      for (int i = 0; i < USERS; i++) {
        write(folder, user(i), i);
      }
      try (StoreProcess store = StoreProcess.starting(LOG, config)) {
        await()
            .atMost(Duration.ofMinutes(2))
            .pollInterval(Duration.ofMillis(10))
            .until(() -> World.number(IMPORTED) >= 100);
        store.kill();
      }
      long before = World.number(IMPORTED);
      assertTrue(before < USERS - NEWER, "all was over before the store was killed");
      for (int run = 0; run < 2; run++) {
        try (StoreProcess store = StoreProcess.start(LOG, config)) {
          await().atMost(Duration.ofMinutes(2)).until(() -> store.said().contains("Imported the"));
          assertComplete(world);
        }
      }
    } finally {
      config.keySet().forEach(System::clearProperty);
      backends.stop();
    }
  }

  private static void assertComplete(World world) {
    assertEquals(USERS, World.number("select count(*) from user_permissions"));
    assertEquals(USERS, World.number("select count(*) from permission_history"));
    assertEquals(USERS, World.number("select sum(version)::bigint from user_permissions"));
    assertEquals(USERS - NEWER, World.number(IMPORTED));
    assertEquals(
        NEWER,
        World.number(
            "select count(*) from user_permissions where document like '%\"never\"%'"
                + " and document not like '%qb_query%'"));
    assertEquals(
        USERS - NEWER,
        World.number("select count(*) from user_permissions where document like '%qb_query%'"));
    world.document(user(USERS - 1), 1);
  }

  private static String user(int i) {
    return "user-%04d".formatted(i);
  }

  private static void write(Path folder, String user, int i) throws IOException {
    Path file = Files.createDirectories(folder.resolve(user)).resolve("PERMISSIONS.json");
    Files.writeString(
        file,
        """
        {"schemaVersion": 1,
         "rules": {"allow": ["Bash(npm run *)"], "ask": [], "deny": ["Read(~/.ssh/**)"]},
         "tools": {"qb_query": {"level": "ask"},
                   "Bash": {"resources": {"make target-%d": {"level": "always"}}}}}
        """
            .formatted(i));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
  }

  private static void settle(World world, StoreProcess store, String user)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                store.address().resolve("/internal/users/%s/overrides/Bash".formatted(user)))
            .header("Authorization", "Bearer " + world.keys.personToken(user, "approver"))
            .PUT(HttpRequest.BodyPublishers.ofString("{\"level\":\"never\"}"))
            .build();
    assertEquals(
        200,
        HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.discarding())
            .statusCode());
  }
}

package dev.countersign.store.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A store with a small heap, and users whose every document is as large as it may be. */
@Tag("full")
class SmallHeapIT {
  private static final int HEAP_MEBIBYTES = 128;
  private static final int USERS = 12;
  private static final int LINES = 100;
  private static final int AT_ONCE = 10;

  /** A valid document of almost 512 KiB. */
  private static final String DOCUMENT =
      """
      (select '{"tools":{"Bash":{"resources":{"' || string_agg('make-' || n,
        '":{"level":"ask"},"') || '":{"level":"ask"}}}}}' as d
        from generate_series(1, 17000) n) document
      """;

  @Test
  void pagesOfLargeDocumentsEndAtTheirBytesHoweverManyAreAskedFor() {
    Backends backends = new Backends();
    Map<String, String> config = backends.start();
    config.forEach(System::setProperty);
    try (StoreProcess store =
            StoreProcess.starting(Path.of("target", "small-heap.log"), config, HEAP_MEBIBYTES);
        World world = new World()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> store.get("/q/health/ready").statusCode() == 200);
      List<String> users = new ArrayList<>();
      for (int i = 0; i < USERS; i++) {
        users.add(World.newUser());
        fill(users.get(i));
      }
      List<CompletableFuture<HttpResponse<byte[]>>> pages = new ArrayList<>();
      HttpClient client = HttpClient.newHttpClient();
      for (int i = 0; i < USERS * AT_ONCE; i++) {
        pages.add(page(client, store, world, users.get(i % USERS), null));
      }
      int whole = 0;
      for (CompletableFuture<HttpResponse<byte[]>> page : pages) {
        HttpResponse<byte[]> answer = page.join();
        assertTrue(
            List.of(200, 429, 503).contains(answer.statusCode()),
            () -> "status " + answer.statusCode());
        whole += answer.statusCode() == 200 ? 1 : 0;
      }
      assertTrue(whole >= USERS, "only " + whole + " pages");
      assertTrue(store.alive(), store::said);
      assertEquals(LINES, everyLine(client, store, world, users.get(0)));
    } finally {
      config.keySet().forEach(System::clearProperty);
      backends.stop();
    }
  }

  private static void fill(String user) {
    World.update(
        "insert into permission_history (tenant, user_id, version, at, action, via,"
            + " before_document, after_document) select 'default', ?, i, now(), 'write',"
            + " 'dashboard', d, d from generate_series(1, "
            + LINES
            + ") i, "
            + DOCUMENT,
        user);
  }

  private static int everyLine(HttpClient client, StoreProcess store, World world, String user) {
    int lines = 0;
    Long before = null;
    do {
      HttpResponse<byte[]> answer = page(client, store, world, user, before).join();
      assertEquals(200, answer.statusCode());
      JsonNode page = Json.readOwn(answer.body(), JsonNode.class);
      lines += page.path("entries").size();
      before = page.path("next").isNumber() ? page.path("next").longValue() : null;
    } while (before != null);
    return lines;
  }

  private static CompletableFuture<HttpResponse<byte[]>> page(
      HttpClient client, StoreProcess store, World world, String user, Long before) {
    String path = "/internal/users/%s/history?limit=100".formatted(user);
    URI address = store.address().resolve(before == null ? path : path + "&before=" + before);
    return client.sendAsync(
        HttpRequest.newBuilder(address)
            .header("Authorization", "Bearer " + world.keys.personToken(user, "approver"))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }
}

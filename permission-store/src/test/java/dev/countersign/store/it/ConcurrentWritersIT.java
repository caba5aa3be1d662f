package dev.countersign.store.it;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Writers of every kind at once: no change that was acknowledged is lost, no version is missing.
 */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class ConcurrentWritersIT {
  private static final int WRITERS = 4;
  private static final int WRITES = 20;

  /** Fewer: each is tried until nobody came between. */
  private static final int WHOLE_WRITES = 5;

  private static World world;

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @Test
  void nothingIsLostBetweenWriters() throws Exception {
    List<String> users = List.of(World.newUser(), World.newUser());
    ExecutorService threads = Executors.newFixedThreadPool(3 * WRITERS * users.size());
    List<Future<?>> writers = new ArrayList<>();
    for (String user : users) {
      String token = world.keys.personToken(user);
      for (int i = 0; i < WRITERS; i++) {
        String name = "w" + i;
        writers.add(threads.submit(every(WRITES, n -> overKafka(user, "kafka-" + name + "-" + n))));
        writers.add(
            threads.submit(every(WRITES, n -> override(user, token, "http-" + name + "-" + n))));
        writers.add(
            threads.submit(
                every(WHOLE_WRITES, n -> whole(user, token, "whole-" + name + "-" + n))));
      }
    }
    for (Future<?> writer : writers) {
      writer.get();
    }
    threads.shutdown();

    int expected = WRITERS * (2 * WRITES + WHOLE_WRITES);
    for (String user : users) {
      String document =
          given()
              .header("Authorization", "Bearer " + world.keys.personToken(user))
              .get("/internal/users/{user}/overrides", user)
              .asString();
      assertEquals(expected, Json.readTree(document.getBytes()).path("overrides").size());
      assertEquals(expected, World.historyLines(user));
      assertEquals(
          expected,
          World.number(
              "select count(distinct version) from permission_history where user_id = ?"
                  + " and version between 1 and ?",
              user,
              expected));
      assertEquals(expected, world.document(user, expected).version());
      assertRising(user);
    }
  }

  private static void assertRising(String user) {
    JsonNode last = Json.mapper().createObjectNode();
    for (var record : world.documents.all().filter(r -> user.equals(r.key())).toList()) {
      JsonNode document = Json.readTree(record.value());
      long version = document.path("version").longValue();
      long before = last.path("version").longValue();
      assertTrue(version >= before, "version " + version + " came after " + before);
      if (version == before) {
        // The watch of the topic may have a document sent again that it thought covered.
        assertEquals(last, document);
      }
      last = document;
    }
  }

  private interface Writer {
    void write(int n) throws Exception;
  }

  private static Callable<Void> every(int times, Writer writer) {
    return () -> {
      for (int n = 0; n < times; n++) {
        writer.write(n);
      }
      return null;
    };
  }

  private static void overKafka(String user, String resource) {
    OverrideCommand command = World.set(user, "Bash", resource, "always");
    world.send(command);
    assertTrue(world.reply(command.commandId()).ok());
  }

  private static RequestSpecification as(String token) {
    return given().header("Authorization", "Bearer " + token);
  }

  private static void override(String user, String token, String resource) {
    as(token)
        .queryParam("resource", resource)
        .body("{\"level\":\"ask\"}")
        .put("/internal/users/{user}/overrides/Bash", user)
        .then()
        .statusCode(200);
  }

  /** Reads, changes and writes the whole document until nobody came between. */
  private static void whole(String user, String token, String resource) {
    Response written;
    do {
      Response read = as(token).get("/internal/users/{user}/permissions", user);
      ObjectNode document = (ObjectNode) Json.readTree(read.asByteArray());
      document.withObject("/tools/Bash/resources").putObject(resource).put("level", "never");
      written =
          as(token)
              .header("If-Match", read.header("ETag"))
              .contentType("application/json")
              .body(Json.write(document))
              .put("/internal/users/{user}/permissions", user);
    } while (written.statusCode() == 412);
    assertEquals(200, written.statusCode(), written.asString());
  }
}

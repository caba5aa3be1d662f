package dev.countersign.store.it;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.TcpProxy;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideReply;
import dev.countersign.store.document.Change;
import dev.countersign.store.users.Expected;
import dev.countersign.store.users.UserKey;
import dev.countersign.store.users.WriteRequest;
import dev.countersign.store.users.Written;
import dev.countersign.store.writing.Writes;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Crashes and outages at the worst moments: every command is carried out once and answered. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class OutageIT {
  private static World world;

  @Backends.KafkaLink TcpProxy kafka;
  @Backends.PostgresLink TcpProxy postgres;
  @Inject Writes writes;

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @Test
  void aCommandThatWasCommittedBeforeACrashIsAnsweredWhenItComesAgain() {
    String user = World.newUser();
    OverrideCommand command = World.set(user, "Bash", "make", "always");
    // A store that died here has committed, and neither replied nor acknowledged.
    Written committed =
        writes
            .write(
                new WriteRequest(
                    new UserKey("default", user),
                    command.commandId(),
                    new Change.SetOverride("Bash", "make", "always", false),
                    Expected.ANY,
                    command.source(),
                    true,
                    Instant.now()))
            .await()
            .atMost(Duration.ofSeconds(10));

    world.send(command);

    assertEquals(committed.reply(), world.reply(command.commandId()));
    assertArrayEquals(
        Json.write(committed.reply()), world.replies.await(r -> r.key().equals(user)).value());
    assertEquals(1, World.historyLines(user));
  }

  @Test
  void whilePostgresIsAwayCommandsWait() {
    String user = World.newUser();
    OverrideCommand command = World.set(user, "Bash", "make", "always");
    postgres.freeze();
    try {
      world.send(command);
      awaitReadiness("postgres", "DOWN");
      given().get("/q/health/live").then().statusCode(200);
    } finally {
      postgres.cut();
      postgres.resume();
    }
    OverrideReply reply = world.reply(command.commandId());
    assertTrue(reply.ok());
    assertEquals(1, reply.version());
    assertEquals(1, World.historyLines(user));
    assertEquals(1, world.document(user, 1).version());
    awaitReadiness("postgres", "UP");
  }

  @Test
  void whileKafkaIsAwayChangesAreStoredAndPublishedLater() {
    String user = World.newUser();
    OverrideCommand command = World.set(user, "Bash", "make", "always");
    kafka.freeze();
    try {
      given()
          .header("Authorization", "Bearer " + world.keys.personToken(user, "approver"))
          .body("{\"level\":\"never\"}")
          .put("/internal/users/{user}/overrides/Read", user)
          .then()
          .statusCode(200);
      world.send(command);
      awaitReadiness("kafka", "DOWN");
      given().get("/q/health/live").then().statusCode(200);
    } finally {
      kafka.resume();
    }
    OverrideReply reply = world.reply(command.commandId());
    assertEquals(2, reply.version());
    assertEquals(2, world.document(user, 2).version());
    awaitReadiness("kafka", "UP");
  }

  private static void awaitReadiness(String check, String status) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () ->
                given()
                    .get("/q/health/ready")
                    .then()
                    .body("checks.find { it.name == '" + check + "' }.status", equalTo(status)));
  }
}

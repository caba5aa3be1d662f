package dev.countersign.store.it;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.OverrideCommand;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an identity provider calls a user: HTTP, Kafka, rows and keys carry it. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class RealUsersIT {
  private static World world;

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth0|5f7c8ec7c33c6c004bbafe82",
        "o'neill+test@example.com",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "samlp|corp|CN=Mira Vance,OU=Dev,DC=corp",
        "spiffe://example.org/ns/dev/sa/mira",
        "CORP\\mira?x=1#y;z",
        "100%25"
      })
  void aUserIsServedByKafkaAndByHttp(String subject) {
    served(subject);
  }

  @ParameterizedTest
  @ValueSource(ints = 255)
  void theLongestUserIsServed(int length) {
    served("x".repeat(length));
  }

  private static void served(String user) {
    OverrideCommand command = World.set(user, "Bash", "make", "always");
    world.send(command);
    assertTrue(world.reply(command.commandId()).ok());
    assertEquals(user, world.document(user, 1).user());
    http(user, "overrides").body("overrides", hasSize(1)).body("user", equalTo(user));
    http(user, "permissions");
    http(user, "history").body("entries", hasSize(1));
    given()
        .header("Authorization", "Bearer " + world.keys.personToken(user, "approver"))
        .urlEncodingEnabled(false)
        .delete("/internal/users/" + encoded(user) + "/permissions")
        .then()
        .statusCode(200);
    world.tombstone(user);
  }

  private static io.restassured.response.ValidatableResponse http(String user, String what) {
    return given()
        .header("Authorization", "Bearer " + world.keys.personToken(user, "approver"))
        .urlEncodingEnabled(false)
        .get("/internal/users/" + encoded(user) + "/" + what)
        .then()
        .statusCode(200);
  }

  private static String encoded(String user) {
    return URLEncoder.encode(user, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

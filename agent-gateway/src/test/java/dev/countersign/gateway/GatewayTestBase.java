package dev.countersign.gateway;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.TcpProxy;
import dev.countersign.gateway.peer.ScriptedPeer;
import dev.countersign.gateway.peer.Surroundings;
import io.quarkus.test.common.QuarkusTestResource;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A running gateway with Kafka and the scripted peer around it. */
@QuarkusTestResource(Surroundings.class)
public abstract class GatewayTestBase {
  /** What waits must not wait in the common pool: with two processors it has a single thread. */
  static final Executor IN_A_THREAD = task -> new Thread(task, "waiting").start();

  protected ScriptedPeer peer;
  protected DevKeys keys;
  protected TcpProxy kafkaLink;

  /** The usual ten seconds judge the machine. */
  @BeforeAll
  static void waitPatiently() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
  }

  @BeforeEach
  void ready() {
    await().until(() -> given().get("/q/health/ready").statusCode() == 200);
  }

  protected String alice() {
    return keys.personToken("alice", "approver");
  }

  protected RequestSpecification as(String token) {
    return given().header("Authorization", "Bearer " + token).contentType("application/json");
  }

  /** Starts a root session of Alice's. */
  protected JsonPath startSession() {
    return as(alice())
        .body(Map.of("sessionId", "s-" + UUID.randomUUID(), "permissionMode", "default"))
        .post("/v1/sessions")
        .then()
        .statusCode(201)
        .extract()
        .jsonPath();
  }

  protected static Map<String, Object> bash(String command) {
    return Map.of(
        "toolCall", Map.of("tool", "Bash", "input", Map.of("command", command), "cwd", "/proj"));
  }

  /** Waits until a connection is closed; only who writes is told. */
  static void endsThoughItWrites(Socket socket, String text) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              try {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                return false;
              } catch (IOException closed) {
                return true;
              }
            });
  }

  /** A whole request, for who writes it and does not wait. */
  static byte[] rawGet(String path, String token) {
    return "GET %s HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\n\r\n"
        .formatted(path, token)
        .getBytes(StandardCharsets.US_ASCII);
  }
}

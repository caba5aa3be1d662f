package dev.countersign.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.kafka.KafkaUser;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whom a secured broker hears, and who hears it. Beside each who is refused stands one who is not.
 */
@Timeout(120)
class BrokerLoginTest {
  private static final int TLS_ALERT = 0x15;

  @TempDir static Path dir;

  private static SecuredBroker broker;
  private static BrokerSecurity other;

  @BeforeAll
  static void start() {
    broker = SecuredBroker.start(dir.resolve("broker"));
    broker.admit(KafkaUser.ofAgent("kcat"));
    other = BrokerSecurity.in(dir.resolve("other"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void whoLogsInIsHeard() throws Exception {
    assertNull(SecuredBroker.refusal(broker.client("kcat")));
  }

  @Test
  void aWrongPasswordIsNotHeard() throws Exception {
    Map<String, Object> settings = broker.client("kcat");
    settings.computeIfPresent(
        "sasl.jaas.config", (name, login) -> login.toString().replaceAll("password=\"..", "$0x"));
    assertInstanceOf(SaslAuthenticationException.class, SecuredBroker.refusal(settings));
  }

  @Test
  void aPasswordOfAnotherBrokerIsNotHeard() throws Exception {
    Map<String, Object> settings = broker.at(other.client("kcat"));
    settings.put("ssl.truststore.location", broker.client("kcat").get("ssl.truststore.location"));
    assertInstanceOf(SaslAuthenticationException.class, SecuredBroker.refusal(settings));
  }

  /** A request for the broker's versions, which one that takes everybody answers. */
  @Test
  void withoutTlsNothingIsAnswered() throws Exception {
    try (KafkaBroker open = KafkaBroker.startOnFreePorts(dir.resolve("open"))) {
      int port = Integer.parseInt(open.bootstrapServers().split(":")[1]);
      assertTrue(firstByteOfAnswer(port) >= 0);
    }
    int answer = firstByteOfAnswer(broker.port);
    assertTrue(answer == -1 || answer == TLS_ALERT, () -> "it answers with " + answer);
  }

  private static int firstByteOfAnswer(int port) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(request);
    byte[] client = "plain".getBytes(StandardCharsets.US_ASCII);
    out.writeShort(18);
    out.writeShort(0);
    out.writeInt(1);
    out.writeShort(client.length);
    out.write(client);
    try (Socket socket = new Socket("127.0.0.1", port)) {
      DataOutputStream wire = new DataOutputStream(socket.getOutputStream());
      wire.writeInt(request.size());
      request.writeTo(wire);
      wire.flush();
      return socket.getInputStream().read();
    } catch (java.net.SocketException reset) {
      return -1;
    }
  }

  /** Else one who listens on the port would be told everything. */
  @Test
  void aBrokerThatCannotProveItselfIsTalkedToByNobody() throws Exception {
    Map<String, Object> misled = broker.client("kcat");
    misled.put("ssl.truststore.location", other.client("kcat").get("ssl.truststore.location"));
    assertInstanceOf(SslAuthenticationException.class, SecuredBroker.refusal(misled));
  }

  @Test
  void theControllerTakesOnlyWhoHoldsTheBrokersKey() throws Exception {
    assertNull(SecuredBroker.refusal(controller(broker.security())));
    Map<String, Object> withoutKey = controller(broker.security());
    withoutKey.keySet().removeIf(name -> name.startsWith("ssl.key"));
    assertInstanceOf(SslAuthenticationException.class, SecuredBroker.refusal(withoutKey));
    Map<String, Object> anothersKey = controller(other);
    anothersKey.put(
        "ssl.truststore.location", broker.client("kcat").get("ssl.truststore.location"));
    assertInstanceOf(SslAuthenticationException.class, SecuredBroker.refusal(anothersKey));
  }

  private static Map<String, Object> controller(BrokerSecurity security) {
    Map<String, Object> settings = new HashMap<>();
    security
        .broker("ANY")
        .forEach(
            (name, value) -> {
              if (name.startsWith("ssl.")) {
                settings.put(name, value);
              }
            });
    settings.put("security.protocol", "SSL");
    settings.put("bootstrap.controllers", "127.0.0.1:" + broker.controllerPort);
    return settings;
  }

  @Test
  void nobodyElseOfTheMachineReadsTheLogins() throws Exception {
    Path folder = broker.securityFolder();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertEquals("rw-------", mode(file), file::toString);
      }
    }
    assertEquals("rwx------", mode(folder));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}

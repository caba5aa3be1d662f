package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against something that answers the start of a session as the gateway does. */
@Timeout(60)
class AccessTest {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Predicate<String> taken = id -> false;
  private HttpServer server;
  private Gateway gateway;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/sessions",
        http -> {
          String id =
              Json.readTree(http.getRequestBody().readAllBytes()).path("sessionId").asText();
          asked.add(id);
          boolean free = !taken.test(id);
          byte[] body =
              Json.write(free ? Map.of("sessionId", id) : Map.of("code", "session_closed"));
          http.getResponseHeaders().add("Content-Type", "application/json");
          http.sendResponseHeaders(free ? 201 : 409, body.length);
          http.getResponseBody().write(body);
          http.close();
        });
    server.start();
    gateway = new Gateway("http://127.0.0.1:" + server.getAddress().getPort(), "token");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String opened() {
    return Access.firstOpen(gateway).path("sessionId").asText();
  }

  @Test
  void theFirstFreeNameIsTaken() {
    assertEquals("local", opened());
    taken = Set.of("local", "local-2")::contains;
    assertEquals("local-3", opened());
  }

  @Test
  void aHundredTakenNamesCostAFewQuestionsAndTheNextNameCannotBeGuessed() {
    Set<String> names =
        IntStream.rangeClosed(2, 100).mapToObj(i -> "local-" + i).collect(Collectors.toSet());
    names.add("local");
    taken = names::contains;
    Set<String> chosen = new HashSet<>(List.of(opened(), opened()));
    assertEquals(2, chosen.size());
    assertTrue(chosen.stream().allMatch(id -> id.matches("local-[0-9a-z]{9,}")), chosen::toString);
    assertTrue(asked.size() <= 12, asked::toString);
  }

  @Test
  void whereEveryNameIsTakenTheStartSaysSo() {
    taken = id -> true;
    LaunchException refused = assertThrows(LaunchException.class, () -> opened());
    assertTrue(refused.getMessage().contains("session_closed"), refused::getMessage);
    assertTrue(asked.size() <= 10, asked::toString);
  }
}

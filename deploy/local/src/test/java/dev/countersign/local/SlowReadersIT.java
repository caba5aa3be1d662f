package dev.countersign.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.embedded.FreePorts;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.token.Roles;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gateways with the heap they have by default, 28 MB of open prompts, and clients that ask for a
 * gigabyte of them and read nothing. A replica that ran out of memory would end.
 */
@Tag("full")
@Timeout(900)
@ExtendWith(SystemFixture.Provider.class)
class SlowReadersIT {
  private static final int USERS = 3;
  private static final int PROMPTS = 10;
  private static final int STREAMS = 16;
  private static final int LISTS = 8;
  private static final int WIDE = 200;
  private static final String LARGE_HEAD = "x".repeat(40_000);
  private static final String TEXT = "x".repeat(950_000);

  private final SystemFixture system;
  private final List<Socket> deaf = new ArrayList<>();

  SlowReadersIT(SystemFixture system) {
    this.system = system;
  }

  /** A gateway beside the one of the stack. */
  private record Replica(Child child, int port) {
    String url() {
      return "http://127.0.0.1:" + port;
    }
  }

  private Replica replica() {
    int port = FreePorts.next();
    Child child = system.stack().startReplica(ServiceName.GATEWAY, system.newId(), port, Map.of());
    system.stack().awaitReady(child, port);
    return new Replica(child, port);
  }

  private String token(Agent agent) {
    return system.stack().keys().personToken(agent.user(), Roles.APPROVER);
  }

  /** Sends the same request some times over one connection, and reads nothing. */
  private void ask(Replica replica, String path, Agent agent, int times) throws IOException {
    String request =
        "GET %s HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(path, token(agent));
    Socket socket = new Socket("127.0.0.1", replica.port());
    socket.getOutputStream().write(request.repeat(times).getBytes(US_ASCII));
    deaf.add(socket);
  }

  /** Reads nothing of some answers, and has many large heads behind them. */
  private void askWidely(Replica replica) throws IOException {
    String first = "GET /openapi HTTP/1.1\r\nHost: test\r\n\r\n";
    String wide = "GET /openapi HTTP/1.1\r\nHost: test\r\nX: %s\r\n\r\n".formatted(LARGE_HEAD);
    Socket socket = new Socket("127.0.0.1", replica.port());
    deaf.add(socket);
    try {
      socket.getOutputStream().write((first.repeat(20) + wide.repeat(79)).getBytes(US_ASCII));
    } catch (IOException closed) {
      // Its heads are too much to hold.
    }
  }

  private List<String> askMuch(Agent agent) {
    List<String> asked = new ArrayList<>();
    for (int i = 0; i < PROMPTS; i++) {
      asked.add(system.newId());
      Map<String, Object> input = Map.of("n", i, "text", TEXT);
      agent.ask(asked.get(i), SystemFixture.call("mcp__notes__add", input));
    }
    return asked;
  }

  private List<String> listed(Replica replica, Agent agent) {
    Gateway person = new Gateway(replica.url(), token(agent));
    List<String> listed = new ArrayList<>();
    String next = "";
    while (next != null) {
      JsonNode page = patiently(person, "/v1/prompts?limit=1000" + next);
      page.path("prompts").forEach(prompt -> listed.add(prompt.path("requestId").asText()));
      next = page.has("next") ? "&after=" + page.path("next").asText() : null;
    }
    return listed;
  }

  /** What others hold may be given back a moment later. */
  private static JsonNode patiently(Gateway person, String path) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> person.get(path), reply -> reply.status() == 200)
        .body();
  }

  @Test
  void largePromptsAndClientsThatReadNothingStopNoReplica() throws Exception {
    Replica early = replica();
    List<Agent> agents = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      agents.add(system.newAgent());
      for (int stream = 0; stream < STREAMS; stream++) {
        ask(early, "/v1/events", agents.get(i), 1);
      }
    }
    List<CompletableFuture<List<String>>> asking =
        agents.stream().map(a -> CompletableFuture.supplyAsync(() -> askMuch(a))).toList();
    List<List<String>> asked = asking.stream().map(CompletableFuture::join).toList();
    for (Agent agent : agents) {
      for (int list = 0; list < LISTS; list++) {
        ask(early, "/v1/prompts?limit=1000", agent, 10);
      }
    }
    for (int i = 0; i < WIDE; i++) {
      askWidely(early);
    }
    Socket half = new Socket("127.0.0.1", early.port());
    half.setSoTimeout(60_000);
    half.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(US_ASCII));
    // It reads the events of the last minutes again.
    Replica late = replica();
    Agent other = system.newAgent();
    for (Replica replica : List.of(early, late)) {
      Gateway person = new Gateway(replica.url(), token(other));
      assertEquals(200, person.get("/v1/prompts").status());
    }
    assertEquals(
        Effect.ALLOW, other.ask(system.newId(), SystemFixture.bash("ls")).decision().effect());
    assertEquals(-1, half.getInputStream().read(), "it is closed without an answer");
    half.close();
    for (Socket socket : deaf) {
      socket.close();
    }
    for (Replica replica : List.of(early, late)) {
      for (int i = 0; i < USERS; i++) {
        assertEquals(asked.get(i), listed(replica, agents.get(i)));
      }
      assertTrue(replica.child().isAlive(), () -> replica.child().name() + " has ended");
    }
    for (Agent agent : agents) {
      agent.person().delete("/v1/sessions/" + agent.sessionId()).orThrow();
    }
    early.child().stop(Duration.ofSeconds(20));
    late.child().stop(Duration.ofSeconds(20));
  }
}

package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.FreePorts;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.token.Roles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A gateway that is told to stop, with the settings of the manifests, while it has clients. */
@Tag("full")
@Timeout(400)
@ExtendWith(SystemFixture.Provider.class)
class DrainIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SystemFixture system;
  private final int port = FreePorts.next();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> streamed = new CopyOnWriteArrayList<>();

  DrainIT(SystemFixture system) {
    this.system = system;
  }

  @Test
  void streamsEndAtOnceAndWhoWaitsGetsTheDecision() throws Exception {
    Child replica = replica();
    Agent agent = system.newAgent();
    String id = system.newId();
    Agent.Status asked = agent.ask(id, bash("make drained"));
    assertNotNull(asked.promptId(), asked::toString);
    CompletableFuture<Void> stream = stream(agent);
    CompletableFuture<Gateway.Reply> waiting = waiting(agent, id);

    // Not as the stack stops it: that ends its input as well, after which it has 15 seconds.
    ProcessHandle process = ProcessHandle.of(replica.pid()).orElseThrow();
    process.destroy();
    stream.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertTrue(streamed.contains("event:resync"), streamed::toString);
    assertTrue(replica.isAlive(), "it waits for who waits");
    assertEquals(503, gateway(agent).get("/v1/tools").status(), "it takes nothing new");

    agent.answer(asked.promptId(), PromptOption.Kind.ALLOW_ONCE).orThrow();
    Gateway.Reply decided = waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertEquals("allow", decided.body().path("effect").asText(), decided::toString);
    process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private Child replica() {
    Child replica =
        system
            .stack()
            .startReplica(
                ServiceName.GATEWAY,
                system.newId(),
                port,
                Map.of(
                    "QUARKUS_SHUTDOWN_TIMEOUT", "65S",
                    "COUNTERSIGN_REQUESTS_MAX_IN_FLIGHT_PER_USER", "1"));
    system.stack().awaitReady(replica, port);
    return replica;
  }

  private String url() {
    return "http://127.0.0.1:" + port;
  }

  private Gateway gateway(Agent agent) {
    return new Gateway(url(), agent.sessionToken());
  }

  /** A stream of the person's; completes when it has ended. */
  private CompletableFuture<Void> stream(Agent agent) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/v1/events"))
            .header(
                "Authorization",
                "Bearer " + system.stack().keys().personToken(agent.user(), Roles.APPROVER))
            .build();
    HttpResponse<Stream<String>> response = http.send(request, HttpResponse.BodyHandlers.ofLines());
    assertEquals(200, response.statusCode());
    CompletableFuture<Void> end =
        CompletableFuture.runAsync(() -> response.body().forEach(streamed::add));
    Awaitility.await().atMost(PATIENCE).until(() -> streamed.contains("event:ready"));
    return end;
  }

  /** The agent waits for its decision; that it does shows in that a second wait is one too many. */
  private CompletableFuture<Gateway.Reply> waiting(Agent agent, String id) {
    String path = "/v1/requests/" + id + "?sessionId=" + agent.sessionId();
    CompletableFuture<Gateway.Reply> waiting =
        CompletableFuture.supplyAsync(
            () ->
                Awaitility.await()
                    .atMost(PATIENCE.multipliedBy(2))
                    .until(() -> gateway(agent).get(path, 60), reply -> reply.status() != 429));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> waiting.isDone() || gateway(agent).get(path, 1).status() == 429);
    return waiting;
  }
}

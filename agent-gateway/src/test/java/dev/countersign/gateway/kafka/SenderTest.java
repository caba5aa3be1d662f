package dev.countersign.gateway.kafka;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.http.ProblemException;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.gateway.identity.Callers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.ToolCall;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A channel that settles nothing before the test says so, as where Kafka does not answer. */
@Timeout(120)
class SenderTest {
  private static final int TOTAL = 8 * Json.MAX_REQUEST_BYTES;
  private static final int LARGE = 1_000_000;
  private static final Caller AGENT = agentOf("mira");
  private static final Caller OTHER = agentOf("kim");

  private final Queue<CompletableFuture<Void>> handed = new ConcurrentLinkedQueue<>();
  private final Unsettled unsettled = new Unsettled(TOTAL);
  private final Sender sender =
      new Sender(channel(), null, new ReplyMarks(ofInstance()), unsettled);

  @AfterEach
  void stop() {
    sender.stop();
  }

  @Test
  void whatKafkaDoesNotTakeCountsUntilItIsSettledNotUntilItsSenderGaveUp() throws Exception {
    List<CompletableFuture<Void>> waiting = sendUntilRefused(AGENT);
    assertEquals(TOTAL / 2 / LARGE, waiting.size(), "one caller alone gets half");
    CompletableFuture<Void> others = send(OTHER, 10);
    assertFalse(others.isDone(), "and takes nothing from others");
    await().atMost(Duration.ofSeconds(60)).until(() -> handed.size() == waiting.size() + 1);

    for (CompletableFuture<Void> sent : waiting) {
      assertEquals("kafka_unavailable", code(sent));
    }
    assertRefusedAtOnce(send(AGENT, LARGE));
    assertEquals(waiting.size() + 1, handed.size(), "what is refused is not sent");

    handed.remove().complete(null);
    handed.forEach(result -> result.completeExceptionally(new IllegalStateException("refused")));
    assertEquals(0, unsettled.bytes());
    handed.clear();
    CompletableFuture<Void> next = send(AGENT, LARGE);
    await().atMost(Duration.ofSeconds(60)).until(() -> !handed.isEmpty());
    handed.remove().complete(null);
    next.get(60, TimeUnit.SECONDS);
    assertEquals(0, unsettled.bytes());
  }

  @Test
  void howeverManySendTheBoundHolds() {
    int accepted = 0;
    for (int i = 0; i < 40; i++) {
      accepted += sendUntilRefused(agentOf("user-" + i)).size();
      assertTrue(unsettled.bytes() <= TOTAL, "at " + i);
    }
    assertTrue(accepted > TOTAL / 2 / LARGE, "several got something: " + accepted);
    assertFalse(send(agentOf("last"), 10).isDone(), "something is left for a small record");
  }

  private List<CompletableFuture<Void>> sendUntilRefused(Caller caller) {
    List<CompletableFuture<Void>> waiting = new ArrayList<>();
    while (waiting.size() < 2 * TOTAL / LARGE) {
      CompletableFuture<Void> sent = send(caller, LARGE);
      if (sent.isDone()) {
        assertRefusedAtOnce(sent);
        return waiting;
      }
      waiting.add(sent);
    }
    throw new AssertionError("nothing is refused");
  }

  private static void assertRefusedAtOnce(CompletableFuture<Void> sent) {
    assertTrue(sent.isDone());
    assertEquals("kafka_unavailable", code(sent));
  }

  private static String code(CompletableFuture<Void> sent) {
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> sent.get(60, TimeUnit.SECONDS));
    return assertInstanceOf(ProblemException.class, failure.getCause()).problem().code();
  }

  private CompletableFuture<Void> send(Caller agent, int length) {
    ToolCall call =
        new ToolCall(
            "Bash",
            Json.mapper().createObjectNode().put("command", "x".repeat(length)),
            "/proj",
            "/home/u",
            null,
            null);
    String id = UUID.randomUUID().toString();
    return sender.sendAsAgent(
        new PermissionRequest("default", agent.session(), id, null, call, null, null, null),
        id,
        agent);
  }

  private static Caller agentOf(String user) {
    return Callers.agentOf(user, "s-of-" + user);
  }

  @SuppressWarnings("unchecked")
  private MutinyEmitter<byte[]> channel() {
    return (MutinyEmitter<byte[]>)
        Proxy.newProxyInstance(
            SenderTest.class.getClassLoader(),
            new Class<?>[] {MutinyEmitter.class},
            (proxy, method, arguments) -> {
              assertEquals("sendMessage", method.getName());
              CompletableFuture<Void> result = new CompletableFuture<>();
              handed.add(result);
              return Uni.createFrom().completionStage(result);
            });
  }

  private static GatewayConfig ofInstance() {
    return (GatewayConfig)
        Proxy.newProxyInstance(
            SenderTest.class.getClassLoader(),
            new Class<?>[] {GatewayConfig.class},
            (proxy, method, arguments) -> "replica");
  }
}

package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks over HTTP all the while, at several gateways, for what is always allowed. */
final class Askers implements AutoCloseable {
  private static final long PAUSE_MILLIS = 200;
  private static final int PENDING = 202;
  private static final int WAIT_SECONDS = 30;
  private static final int MOST_READS = 10;

  private final Agent agent;
  private final List<Thread> threads;
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param ports where the gateways serve HTTP
   */
  Askers(Agent agent, List<Integer> ports) {
    this.agent = agent;
    this.threads = ports.stream().map(port -> new Thread(() -> ask(port), "asker")).toList();
    threads.forEach(Thread::start);
  }

  private void ask(int port) {
    Gateway gateway = new Gateway("http://127.0.0.1:" + port, agent.sessionToken());
    try {
      for (int i = 0; !stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS); i++) {
        ask(gateway, "ls asked-" + i);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(Gateway gateway, String command) {
    String id = "asked-" + UUID.randomUUID();
    Map<String, Object> body = Map.of("requestId", id, "toolCall", bash(command));
    try {
      String asks = "/v1/sessions/" + agent.sessionId() + "/requests";
      Gateway.Reply reply = gateway.postPatiently(asks, body);
      for (int i = 0; open(reply) && i < MOST_READS; i++) {
        reply =
            reply.status() == PENDING
                ? gateway.get(
                    "/v1/requests/" + id + "?sessionId=" + agent.sessionId(), WAIT_SECONDS)
                : gateway.postPatiently(asks, body);
      }
      if (!reply.body().path("effect").asText().equals("allow")) {
        refused.add(reply.toString());
      }
    } catch (RuntimeException e) {
      refused.add(e.toString());
    }
  }

  /** Undecided, or on its way for so long that the gateway says to send the same again. */
  private static boolean open(Gateway.Reply reply) {
    return reply.status() == PENDING
        || reply.body().path("code").asText().equals("unknown_request");
  }

  /** Whatever was not allowed; empty if all was well. */
  List<String> refused() {
    return refused;
  }

  @Override
  public void close() throws InterruptedException {
    stopped.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }
}

package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.countersign.embedded.Scrape;
import dev.countersign.protocol.PromptOption;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a person settles for good is seen in the metrics of every service that took part. */
@ExtendWith(SystemFixture.Provider.class)
class MetricsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SystemFixture system;

  MetricsIT(SystemFixture system) {
    this.system = system;
  }

  private static URI at(int port) {
    return URI.create("http://127.0.0.1:" + port + "/q/metrics");
  }

  private Scrape scrape(ServiceName service) {
    return Scrape.of(at(system.stack().ports().metrics(service)));
  }

  private void awaitOneMore(
      Map<ServiceName, Scrape> before, ServiceName service, String name, String... labels) {
    Awaitility.await(name)
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertEquals(
                    1,
                    scrape(service).value(name, labels) - before.get(service).value(name, labels)));
  }

  @Test
  void anAlwaysCountsOnceInEveryService() {
    Agent agent = system.newAgent();
    Map<ServiceName, Scrape> before = new EnumMap<>(ServiceName.class);
    for (ServiceName service : ServiceName.values()) {
      before.put(service, scrape(service));
    }
    String id = system.newId();
    String prompt = agent.ask(id, bash("make metrics")).promptId();
    agent.answer(prompt, PromptOption.Kind.ALLOW_ALWAYS).orThrow();
    Awaitility.await().atMost(PATIENCE).until(() -> agent.read(id, 5).decision() != null);
    awaitOneMore(
        before,
        ServiceName.APPROVAL,
        "countersign_decisions_total",
        "effect",
        "allow",
        "decided_by",
        "user",
        "mode",
        "default",
        "kind",
        "execute");
    awaitOneMore(
        before,
        ServiceName.APPROVAL,
        "countersign_prompt_answer_seconds_count",
        "option",
        "allow_always");
    awaitOneMore(before, ServiceName.STORE, "countersign_overrides_written_total", "action", "set");
    awaitOneMore(before, ServiceName.GATEWAY, "countersign_http_answers_total", "status", "202");
  }

  @Test
  void noPortThatIsForOthersShowsThem() {
    Ports ports = system.stack().ports();
    for (ServiceName service : ServiceName.values()) {
      assertThrows(IllegalStateException.class, () -> Scrape.of(at(ports.http(service))));
    }
  }
}

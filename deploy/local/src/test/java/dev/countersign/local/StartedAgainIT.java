package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.Folders;
import dev.countersign.protocol.token.Roles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** "I redeployed and my special overrides were gone": they are not. */
@Tag("full")
@Timeout(600)
class StartedAgainIT {
  private static final List<String> USERS = List.of("ann", "bob", "cem");

  @TempDir Path dir;

  @Test
  void everyOverrideDecidesAsBefore() throws Exception {
    Map<String, Map<String, String>> before = new TreeMap<>();
    try (Stack stack = start()) {
      StoreClient store = new StoreClient(stack.keys());
      for (String user : USERS) {
        Agent agent = agent(stack, user, "first");
        Settled.settle(agent, store, stack.ports().store());
        before.put(user, Settled.decisions(agent, "a"));
      }
      assertEquals(before.get("ann"), before.get("bob"));
    }
    assertEquals(
        Map.of(
            "answered always", "ALLOW by OVERRIDE",
            "answered never", "DENY by OVERRIDE",
            "typed always", "ALLOW by OVERRIDE",
            "typed never", "DENY by OVERRIDE",
            "typed ask", "ask",
            "rule of the document", "ALLOW by RULE",
            "nothing settled", "ask"),
        withoutRules(before.get("ann")));

    try (Stack stack = start()) {
      assertDecidesAsBefore(before, stack, "again");
    }

    keepOnly("countersign-state", "postgres");
    try (Stack stack = start()) {
      // At once, and once the topic has been filled again.
      assertDecidesAsBefore(before, stack, "anew");
      awaitTopicAndProjection(stack);
      assertDecidesAsBefore(before, stack, "filled");
      assertChangesTakeEffect(stack);
    }
  }

  private Stack start() {
    StateFolder state = StateFolder.take(dir.resolve("state"), false);
    Stack stack = new Stack(new Checkout(Launched.CHECKOUT), state, Ports.free(), false);
    try {
      stack.start(line -> {});
      return stack;
    } catch (RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  private static Agent agent(Stack stack, String user, String session) {
    return Agent.start(
        "http://127.0.0.1:" + stack.ports().gateway(),
        stack.keys(),
        user,
        List.of(Roles.APPROVER),
        session + "-" + user,
        Map.of("workspaceRoots", List.of(SystemFixture.WORKSPACE)));
  }

  private static void assertDecidesAsBefore(
      Map<String, Map<String, String>> before, Stack stack, String session) {
    for (String user : USERS) {
      assertEquals(before.get(user), Settled.decisions(agent(stack, user, session), session), user);
    }
  }

  private static Map<String, String> withoutRules(Map<String, String> decisions) {
    Map<String, String> effects = new HashMap<>(decisions);
    effects.replaceAll((name, decision) -> decision.replaceAll(":.*", ""));
    return effects;
  }

  /** Kafka's data, the keys, the programs and the logs go. */
  private void keepOnly(String... names) throws IOException {
    try (var entries = Files.list(dir.resolve("state"))) {
      entries
          .filter(entry -> !List.of(names).contains(entry.getFileName().toString()))
          .forEach(Folders::delete);
    }
  }

  private static void awaitTopicAndProjection(Stack stack) throws Exception {
    var database = stack.postgres().approval();
    try (LatestDocuments topic = new LatestDocuments(stack.bootstrapServers());
        Connection approval =
            DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        Statement statement = approval.createStatement()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                Map<String, Long> published = new TreeMap<>();
                topic.read().forEach((user, latest) -> published.put(user, latest.version()));
                assertTrue(published.keySet().containsAll(USERS), published::toString);
                Map<String, Long> projected = new TreeMap<>();
                try (ResultSet rows =
                    statement.executeQuery("SELECT user_id, version FROM override_projection")) {
                  while (rows.next()) {
                    projected.put(rows.getString(1), rows.getLong(2));
                  }
                }
                assertEquals(published, projected);
              });
    }
  }

  /** Versions go on where they were, also for readers of the new topic. */
  private static void assertChangesTakeEffect(Stack stack) throws IOException {
    Agent agent = agent(stack, "ann", "changed");
    StoreClient store = new StoreClient(stack.keys());
    assertEquals(
        200, store.set(stack.ports().store(), "ann", "terraform plan", "never", "k9").status());
    int[] asked = new int[1];
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                Settled.decisions(agent, "changed-" + asked[0]++)
                    .get("typed always")
                    .startsWith("DENY by OVERRIDE"));
  }
}

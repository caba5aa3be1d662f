package dev.countersign.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.embedded.BrokerSettings;
import dev.countersign.embedded.Database;
import dev.countersign.embedded.Folders;
import dev.countersign.embedded.FreePorts;
import dev.countersign.embedded.TcpProxy;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.ToolCall;
import dev.countersign.protocol.kafka.TopicPlan;
import dev.countersign.protocol.token.Roles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One running stack for all system tests of a module run, with the links from the approval service
 * and the permission store to Kafka through a proxy that a test can freeze. A test that kills a
 * part starts it again.
 */
public final class SystemFixture implements AutoCloseable {
  static final String WORKSPACE = "/proj/shop";

  private final Path folder = Folders.temporary("system-tests");
  private final AtomicInteger numbers = new AtomicInteger();
  private final TcpProxy kafkaLink = TcpProxy.open();
  private final Stack stack;

  private SystemFixture() {
    StateFolder state = StateFolder.take(folder.resolve("state"), false);
    stack = new Stack(new Checkout(Launched.CHECKOUT), state, Ports.free(), false);
    int target = FreePorts.next();
    kafkaLink.leadTo(target);
    try {
      stack.start(
          line -> {},
          new BrokerSettings.Proxied(target, kafkaLink.port()),
          Map.of(
              ServiceName.APPROVAL, approval(),
              ServiceName.STORE, throughTheProxy()));
      Access.open(stack);
    } catch (RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  /** On a busy machine a store that was killed takes longer than usual to be back. */
  private Map<String, String> approval() {
    Map<String, String> environment = new LinkedHashMap<>(throughTheProxy());
    environment.put("COUNTERSIGN_OVERRIDE_TIMEOUT", "PT5M");
    return environment;
  }

  private Map<String, String> throughTheProxy() {
    return Map.of("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + kafkaLink.port());
  }

  Stack stack() {
    return stack;
  }

  /** The link of the approval service and the permission store to Kafka. */
  TcpProxy kafkaLink() {
    return kafkaLink;
  }

  /**
   * Starts a service that was killed, with more in its environment, and waits until it is ready.
   */
  void startAgain(ServiceName service, Map<String, String> more) {
    Map<String, String> environment =
        new LinkedHashMap<>(service == ServiceName.APPROVAL ? approval() : throughTheProxy());
    environment.putAll(more);
    stack.start(service, environment);
    stack.awaitReady(service);
  }

  void startAgain(ServiceName service) {
    startAgain(service, Map.of());
  }

  /** One more process of a service, ready, on a port of its own. */
  Child startReplica(ServiceName service, Map<String, String> more) {
    int port = FreePorts.next();
    Child replica = stack.startReplica(service, service.label() + "-" + next(), port, more);
    stack.awaitReady(replica, port);
    return replica;
  }

  /** A user who has never been here, and an agent of theirs. */
  Agent newAgent(Map<String, ?> settings, String... moreRoles) {
    return agentOf("user-" + next(), settings, moreRoles);
  }

  Agent newAgent() {
    return newAgent(Map.of());
  }

  /** One more session of a user. */
  Agent newAgentOfTheSameUser(Agent agent) {
    return agentOf(agent.user(), Map.of());
  }

  /** A new user with a session on every partition of the requests, in their order. */
  List<Agent> newAgentsOnEveryPartition() {
    String user = "user-" + next();
    Map<Integer, Agent> agents = new TreeMap<>();
    while (agents.size() < TopicPlan.PARTITIONS) {
      String sessionId = "session-" + next();
      int partition =
          BuiltInPartitioner.partitionForKey(
              sessionId.getBytes(StandardCharsets.UTF_8), TopicPlan.PARTITIONS);
      agents.computeIfAbsent(
          partition, p -> agentOf(user, sessionId, Map.of(), List.of(Roles.APPROVER)));
    }
    return List.copyOf(agents.values());
  }

  private Agent agentOf(String user, Map<String, ?> settings, String... moreRoles) {
    List<String> roles = new ArrayList<>(List.of(Roles.APPROVER));
    roles.addAll(List.of(moreRoles));
    return agentOf(user, "session-" + next(), settings, roles);
  }

  private Agent agentOf(
      String user, String sessionId, Map<String, ?> settings, List<String> roles) {
    Map<String, Object> all = new LinkedHashMap<>(Map.of("workspaceRoots", List.of(WORKSPACE)));
    all.putAll(settings);
    return Agent.start(url(), stack.keys(), user, roles, sessionId, all);
  }

  /** The ids of all questions of an agent that have a receipt; fails if one has two. */
  List<String> receiptIds(Agent agent) {
    List<String> ids = new ArrayList<>();
    String after = "";
    while (after != null) {
      JsonNode page =
          agent
              .person()
              .get("/v1/receipts?sessionId=" + agent.sessionId() + "&limit=200" + after)
              .orThrow();
      page.path("receipts").forEach(r -> ids.add(r.path("decision").path("requestId").asText()));
      after = page.hasNonNull("next") ? "&after=" + page.path("next").asText() : null;
    }
    if (new HashSet<>(ids).size() != ids.size()) {
      throw new AssertionError("a question has two receipts: " + ids);
    }
    return ids;
  }

  String url() {
    return "http://127.0.0.1:" + stack.ports().gateway();
  }

  /** A word that no test of this run had before. */
  String newId() {
    return "r-" + next();
  }

  private int next() {
    return numbers.incrementAndGet();
  }

  Connection approvalDatabase() throws SQLException {
    return connect(stack.postgres().approval());
  }

  Connection storeDatabase() throws SQLException {
    return connect(stack.postgres().permissions());
  }

  private static Connection connect(Database database) throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
  }

  static ToolCall bash(String command) {
    return call("Bash", Map.of("command", command));
  }

  static ToolCall call(String tool, Map<String, ?> input) {
    return new ToolCall(
        tool,
        Json.mapper().valueToTree(input),
        WORKSPACE,
        "/home/someone",
        Map.of(),
        List.of(WORKSPACE));
  }

  @Override
  public void close() {
    kafkaLink.resume();
    stack.close();
    kafkaLink.close();
    Folders.delete(folder);
  }

  /** Gives the fixture to constructors and methods of tests; starts it at the first use. */
  public static final class Provider implements BeforeAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace SPACE =
        ExtensionContext.Namespace.create(SystemFixture.class);

    @Override
    public void beforeAll(ExtensionContext context) {
      fixture(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == SystemFixture.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return fixture(context);
    }

    private static SystemFixture fixture(ExtensionContext context) {
      return context
          .getRoot()
          .getStore(SPACE)
          .getOrComputeIfAbsent("fixture", key -> new SystemFixture(), SystemFixture.class);
    }
  }
}

package dev.countersign.local;

import dev.countersign.embedded.BrokerSecurity;
import dev.countersign.embedded.Folders;
import dev.countersign.embedded.TopicSetup;
import dev.countersign.protocol.kafka.KafkaUser;
import dev.countersign.protocol.token.Roles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A stack whose broker takes only those who log in, and on it what an operator gives to direct
 * clients: a login, a reply topic, and sessions that name it.
 */
final class SecuredStack implements AutoCloseable {
  static final String PASSWORD = "sasl.password";

  private final Path folder = Folders.temporary("secured-stack");
  private final AtomicInteger numbers = new AtomicInteger();
  private final Stack stack;
  private final BrokerSecurity security;
  private final List<KafkaUser> users = new ArrayList<>(BrokerAccess.users());

  /**
   * @param clients the names of the direct clients
   */
  SecuredStack(List<String> clients) {
    StateFolder state = StateFolder.take(folder.resolve("state"), false);
    stack = new Stack(new Checkout(Launched.CHECKOUT), state, Ports.free(), true);
    try {
      stack.start(line -> {});
      security = BrokerSecurity.in(state.kafkaSecurity());
      clients.forEach(client -> users.add(KafkaUser.ofAgent(client)));
      restorePasswords();
      clients.forEach(client -> TopicSetup.createReplyTopic(admin(), client));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** How whoever may do everything reaches the broker. */
  Map<String, Object> admin() {
    return stack.brokerAccess().admin();
  }

  /** How a client reaches it, by the names of Kafka's clients. */
  Map<String, Object> client(String client) {
    Map<String, Object> settings = new HashMap<>(admin());
    settings.putAll(security.client(client));
    return settings;
  }

  /** The login of a client, by the names of librdkafka. */
  Map<String, String> login(String client) {
    return security.librdkafka(client);
  }

  /** Tells the broker that a client has this password, which it knows some moments later. */
  void changePassword(String client, String password) {
    var scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
    try (Admin admin = Admin.create(admin())) {
      admin
          .alterUserScramCredentials(
              List.of(new UserScramCredentialUpsertion(client, scram, password)))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot change the password", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Everybody has the password of their {@link #login} again when this returns. */
  void restorePasswords() {
    security.admit(admin(), users);
  }

  /** A new user with a session that replies to this client. */
  Agent newAgent(String client, Map<String, ?> settings) {
    int number = numbers.incrementAndGet();
    Map<String, Object> all = new LinkedHashMap<>(settings);
    all.put("client", client);
    String url = "http://127.0.0.1:" + stack.ports().gateway();
    return Agent.start(
        url, stack.keys(), "user-" + number, List.of(Roles.APPROVER), "session-" + number, all);
  }

  /** What a direct agent finds in its environment. */
  Map<String, String> environment(Agent agent, Map<String, String> login) {
    Path file = folder.resolve("login-" + numbers.incrementAndGet() + ".properties");
    String lines =
        login.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
            .collect(Collectors.joining());
    Folders.writePrivate(file, lines.getBytes(StandardCharsets.UTF_8));
    return Map.of(
        "COUNTERSIGN_KAFKA", stack.bootstrapServers(),
        "COUNTERSIGN_KAFKA_LOGIN", file.toString(),
        "COUNTERSIGN_WAIT_SECONDS", "100",
        "COUNTERSIGN_SESSION", agent.sessionId(),
        "COUNTERSIGN_AGENT_TOKEN", agent.sessionToken());
  }

  /** Lets the approval service do nothing for a while, as on a machine that is overloaded. */
  void pauseApproval() {
    signal("-STOP");
  }

  void resumeApproval() {
    signal("-CONT");
  }

  private void signal(String signal) {
    String pid = String.valueOf(stack.service(ServiceName.APPROVAL).pid());
    try {
      if (new ProcessBuilder("kill", signal, pid).start().waitFor() != 0) {
        throw new IllegalStateException("kill " + signal + " " + pid + " failed");
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot run kill", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    stack.close();
    Folders.delete(folder);
  }
}

package dev.countersign.local;

import dev.countersign.embedded.BrokerSecurity;
import dev.countersign.embedded.KafkaBroker;
import dev.countersign.embedded.TopicSetup;
import dev.countersign.protocol.kafka.KafkaUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.SaslAuthenticationException;

/** How the broker of one stack is reached: by everybody, or by who logs in. */
final class BrokerAccess {
  private final Ports ports;
  private final Path data;
  private final Path folder;
  private final BrokerSecurity security;

  private BrokerAccess(Ports ports, Path data, Path folder, BrokerSecurity security) {
    this.ports = ports;
    this.data = data;
    this.folder = folder;
    this.security = security;
  }

  /**
   * Makes what logging in needs, if it is missing.
   *
   * @param secure whether only those reach the broker who log in
   * @throws LaunchException if a broker began otherwise here: what is kept for those who log in is
   *     not opened to everybody, and a broker that took everybody knows nobody who could log in. Or
   *     if some of what it needs is gone
   */
  static BrokerAccess of(StateFolder state, Ports ports, boolean secure) {
    if (secure && isBegun(state.kafka())) {
      throw refusal("the Kafka in %s was made without --secure; take another --state, or", state);
    }
    if (!secure && (Files.exists(state.kafkaSecured()) || Files.exists(state.kafkaSecurity()))) {
      throw refusal("the Kafka in %s was made with --secure: say it again, or", state);
    }
    Path data = secure ? state.kafkaSecured() : state.kafka();
    if (KafkaBroker.holdsRecords(data) && !KafkaBroker.isFormatted(data)) {
      throw refusal("the Kafka in %s is no longer whole; take another --state, or", state);
    }
    Path folder = state.kafkaSecurity();
    if (secure && isBegun(data) && !BrokerSecurity.isIn(folder)) {
      throw refusal(
          "the logins of the Kafka in %s are gone, and nobody can log in; take another --state, or",
          state);
    }
    return new BrokerAccess(ports, data, folder, secure ? logins(folder, state) : null);
  }

  private static boolean isBegun(Path data) {
    return KafkaBroker.isFormatted(data) || KafkaBroker.holdsRecords(data);
  }

  private static BrokerSecurity logins(Path folder, StateFolder state) {
    try {
      return BrokerSecurity.in(folder);
    } catch (RuntimeException e) {
      throw new LaunchException(
          "the logins in %s cannot be used (%s); take another --state, or --fresh, which removes what earlier runs made in %s"
              .formatted(folder, e.getMessage(), state.dir()),
          e);
    }
  }

  private static LaunchException refusal(String why, StateFolder state) {
    return new LaunchException(
        why.formatted(state.dir()) + " --fresh, which removes what earlier runs made there");
  }

  /** Where the broker keeps what it keeps. */
  Path dataFolder() {
    return data;
  }

  String bootstrapServers() {
    return "127.0.0.1:" + ports.kafka();
  }

  /** Where the broker finds its logins; empty if it takes everybody. */
  Optional<Path> securityFolder() {
    return Optional.ofNullable(security).map(s -> folder);
  }

  /** How whoever may do everything reaches it, by the names of Kafka's clients. */
  Map<String, Object> admin() {
    return with(security == null ? Map.of() : security.admin());
  }

  /** How a user reaches it. */
  Map<String, Object> client(String user) {
    return with(security == null ? Map.of() : security.client(user));
  }

  private Map<String, Object> with(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", bootstrapServers());
    return all;
  }

  /** The same for a service, as environment variables. */
  Map<String, String> environment(ServiceName service) {
    Map<String, String> environment = new LinkedHashMap<>();
    client(service.label())
        .forEach((name, value) -> environment.put(variable(name), value.toString()));
    return environment;
  }

  private static String variable(String name) {
    return "KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /**
   * Makes the topics, and whoever may use them, each for what it needs.
   *
   * @throws LaunchException if the broker does not know the logins that are here
   */
  void setUp() {
    try {
      TopicSetup.createAll(admin());
      TopicSetup.createReplyTopic(admin(), Access.CLIENT);
      if (security != null) {
        security.admit(admin(), users());
        new LoginFiles(folder).write(security);
      }
    } catch (IllegalStateException e) {
      if (e.getCause() instanceof SaslAuthenticationException) {
        throw new LaunchException(
            "the Kafka in %s does not know the logins in %s; take another --state, or --fresh, which removes both"
                .formatted(data, folder),
            e);
      }
      throw e;
    }
  }

  /** Everybody who can log in, besides whoever may do everything. */
  static List<KafkaUser> users() {
    List<KafkaUser> users = new ArrayList<>(KafkaUser.SERVICES);
    users.add(KafkaUser.ofAgent(Access.CLIENT));
    users.add(KafkaUser.ofOperator(LoginFiles.OPERATOR));
    return users;
  }

  /** What a client needs besides the address; empty if the broker takes everybody. */
  Optional<Path> clientLogin() {
    return securityFolder().map(f -> new LoginFiles(f).client());
  }
}

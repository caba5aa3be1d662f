package dev.countersign.local;

import dev.countersign.embedded.BrokerSecurity;
import dev.countersign.embedded.Folders;
import dev.countersign.embedded.KafkaBroker;
import dev.countersign.embedded.TopicSetup;
import dev.countersign.protocol.kafka.KafkaUser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the broker of one stack is reached: by everybody, or by who logs in. */
final class BrokerAccess {
  private final Ports ports;
  private final Path folder;
  private final BrokerSecurity security;

  private BrokerAccess(Ports ports, Path folder, BrokerSecurity security) {
    this.ports = ports;
    this.folder = folder;
    this.security = security;
  }

  /**
   * Makes what logging in needs, if it is missing.
   *
   * @param secure whether only those reach the broker who log in
   * @throws LaunchException if a broker began otherwise here: what it keeps for those who log in is
   *     not opened to everybody, and a broker that took everybody knows nobody who could log in
   */
  static BrokerAccess of(StateFolder state, Ports ports, boolean secure) {
    Path folder = state.kafkaSecurity();
    Path data = state.kafka();
    if (KafkaBroker.isFormatted(data) && secure != KafkaBroker.isSecured(data)) {
      throw new LaunchException(
          secure
              ? "the Kafka in %s was made without --secure; take another --state, or --fresh"
                  .formatted(state.dir())
              : "the Kafka in %s was made with --secure: say it again, or --fresh"
                  .formatted(state.dir()));
    }
    return new BrokerAccess(ports, folder, secure ? BrokerSecurity.in(folder) : null);
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

  /** Makes the topics, and whoever may use them, each for what it needs. */
  void setUp() {
    TopicSetup.createAll(admin());
    TopicSetup.createReplyTopic(admin(), Access.CLIENT);
    if (security == null) {
      return;
    }
    List<KafkaUser> users = new ArrayList<>(KafkaUser.SERVICES);
    users.add(KafkaUser.ofAgent(Access.CLIENT));
    security.admit(bootstrapServers(), users);
    String lines =
        security.librdkafka(Access.CLIENT).entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
            .sorted()
            .collect(Collectors.joining());
    Folders.writePrivate(clientFile(), lines.getBytes(StandardCharsets.UTF_8));
  }

  /** The login of {@link #Access.CLIENT}, as librdkafka reads it; there once all is set up. */
  private Path clientFile() {
    return folder.resolve(Access.CLIENT + ".properties");
  }

  /** What a client needs besides the address; empty if the broker takes everybody. */
  Optional<Path> clientLogin() {
    return securityFolder().map(f -> clientFile());
  }
}

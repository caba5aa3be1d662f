package dev.countersign.protocol.kafka;

import static dev.countersign.protocol.kafka.AclRule.describeConfigs;
import static dev.countersign.protocol.kafka.AclRule.group;
import static dev.countersign.protocol.kafka.AclRule.groups;
import static dev.countersign.protocol.kafka.AclRule.read;
import static dev.countersign.protocol.kafka.AclRule.write;
import static dev.countersign.protocol.kafka.AclRule.writeAll;

import dev.countersign.protocol.Identifiers;
import dev.countersign.protocol.Topics;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who logs in to Kafka, and the least that each needs. All replicas of a service are one user.
 *
 * @param name as which it logs in
 * @param rules all that it may do
 */
public record KafkaUser(String name, List<AclRule> rules) {
  public static final KafkaUser AGENT_GATEWAY =
      service(
          "agent-gateway",
          write(Topics.REQUESTS),
          write(Topics.ANSWERS),
          write(Topics.SESSION_COMMANDS),
          read(Topics.REPLIES),
          read(Topics.ANSWER_REPLIES),
          read(Topics.SESSION_REPLIES),
          read(Topics.INBOX),
          // Each replica reads everything, in groups of its own.
          groups("agent-gateway-"));

  public static final KafkaUser APPROVAL_SERVICE =
      service(
          "approval-service",
          read(Topics.REQUESTS),
          read(Topics.ANSWERS),
          read(Topics.SESSION_COMMANDS),
          read(Topics.OVERRIDE_REPLIES),
          read(Topics.OVERRIDE_DOCUMENTS),
          write(Topics.REPLIES),
          writeAll(Topics.replies("")),
          write(Topics.PROMPTS),
          write(Topics.ANSWER_REPLIES),
          write(Topics.INBOX),
          write(Topics.RECEIPTS),
          write(Topics.SESSION_REPLIES),
          write(Topics.OVERRIDE_COMMANDS),
          write(Topics.DEAD_LETTERS),
          group("approval-service.requests"),
          group("approval-service.answers"),
          group("approval-service.session-commands"),
          group("approval-service.override-replies"));

  public static final KafkaUser PERMISSION_STORE =
      service(
          "permission-store",
          read(Topics.OVERRIDE_COMMANDS),
          // To find out what it published before its database was set back.
          read(Topics.OVERRIDE_DOCUMENTS),
          write(Topics.OVERRIDE_REPLIES),
          write(Topics.OVERRIDE_DOCUMENTS),
          write(Topics.DEAD_LETTERS),
          group("permission-store"));

  /** The three services. */
  public static final List<KafkaUser> SERVICES =
      List.of(AGENT_GATEWAY, APPROVAL_SERVICE, PERMISSION_STORE);

  /** Who may do everything; nobody else is called so. */
  public static final String ADMIN = "admin";

  public KafkaUser {
    rules = List.copyOf(rules);
  }

  /**
   * A service. It may also read the settings of each topic that it names, to find out whether they
   * are right.
   */
  private static KafkaUser service(String name, AclRule... rules) {
    Stream<AclRule> settings =
        Stream.of(rules)
            .filter(rule -> rule.resource() == AclRule.Resource.TOPIC)
            .filter(rule -> rule.pattern() == AclRule.Pattern.LITERAL)
            .map(rule -> describeConfigs(rule.name()))
            .distinct();
    return new KafkaUser(name, Stream.concat(Stream.of(rules), settings).toList());
  }

  private static String ownName(String name) {
    if (isTaken(name) || !Identifiers.isClient(name)) {
      throw new IllegalArgumentException(
          "a client's name must match "
              + Identifiers.CLIENT_PATTERN
              + " and be no service's nor its group's, nor "
              + ADMIN
              + " or "
              + Identifiers.DEFAULT_CLIENT
              + ": "
              + name);
    }
    return name;
  }

  /** A client's group is called as it is, so it is not called like a group of a service. */
  private static boolean isTaken(String name) {
    return name.equals(ADMIN)
        || name.equals(Identifiers.DEFAULT_CLIENT)
        || SERVICES.stream().anyMatch(user -> user.name().equals(name) || user.mayJoin(name));
  }

  /**
   * An agent, or a group of agents that trust each other, that speaks Kafka itself. It asks, and
   * reads the replies on the topic of its own alone: on {@link Topics#REPLIES} are everybody's.
   *
   * @param client as sessions are started with; also the name as which it logs in, and its only
   *     consumer group: the broker keeps in memory what is committed in each, for as many as there
   *     are
   * @throws IllegalArgumentException if no client can be called so, or the name means others
   */
  public static KafkaUser ofAgent(String client) {
    return new KafkaUser(
        ownName(client),
        List.of(write(Topics.REQUESTS), read(Topics.replies(client)), group(client)));
  }

  /**
   * Somebody who looks after dead letters and reads receipts, in the one group of that name.
   *
   * @throws IllegalArgumentException as of {@link #ofAgent}
   */
  public static KafkaUser ofOperator(String name) {
    return new KafkaUser(
        ownName(name), List.of(read(Topics.DEAD_LETTERS), read(Topics.RECEIPTS), group(name)));
  }

  /** Whether it may read records of the topic. */
  public boolean mayRead(String topic) {
    return AclRule.allows(rules, AclRule.Resource.TOPIC, topic, AclRule.Operation.READ);
  }

  /** Whether it may write records to the topic. */
  public boolean mayWrite(String topic) {
    return AclRule.allows(rules, AclRule.Resource.TOPIC, topic, AclRule.Operation.WRITE);
  }

  /** Whether it may read the topic's settings. */
  public boolean mayDescribeConfigs(String topic) {
    return AclRule.allows(rules, AclRule.Resource.TOPIC, topic, AclRule.Operation.DESCRIBE_CONFIGS);
  }

  /** Whether it may read as a member of the consumer group. */
  public boolean mayJoin(String group) {
    return AclRule.allows(rules, AclRule.Resource.GROUP, group, AclRule.Operation.READ);
  }
}

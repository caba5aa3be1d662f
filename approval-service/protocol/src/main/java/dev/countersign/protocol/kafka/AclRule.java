package dev.countersign.protocol.kafka;

import java.util.List;

/**
 * One thing that a user of Kafka may do. Reading and writing include to describe, but not the
 * settings; nobody may create, change or delete anything.
 *
 * @param resource what it is about
 * @param pattern whether {@code name} is the whole name, or how it begins
 * @param operation what may be done with it
 */
public record AclRule(Resource resource, Pattern pattern, String name, Operation operation) {
  /** Kafka's kinds of resources, as far as they are used. */
  public enum Resource {
    TOPIC,
    GROUP
  }

  /** Kafka's pattern types, as far as they are used. */
  public enum Pattern {
    LITERAL,
    PREFIXED
  }

  /** Kafka's operations, as far as they are used. */
  public enum Operation {
    READ,
    WRITE,
    DESCRIBE_CONFIGS
  }

  static AclRule read(String topic) {
    return new AclRule(Resource.TOPIC, Pattern.LITERAL, topic, Operation.READ);
  }

  static AclRule write(String topic) {
    return new AclRule(Resource.TOPIC, Pattern.LITERAL, topic, Operation.WRITE);
  }

  static AclRule writeAll(String prefix) {
    return new AclRule(Resource.TOPIC, Pattern.PREFIXED, prefix, Operation.WRITE);
  }

  static AclRule describeConfigs(String topic) {
    return new AclRule(Resource.TOPIC, Pattern.LITERAL, topic, Operation.DESCRIBE_CONFIGS);
  }

  static AclRule group(String name) {
    return new AclRule(Resource.GROUP, Pattern.LITERAL, name, Operation.READ);
  }

  static AclRule groups(String prefix) {
    return new AclRule(Resource.GROUP, Pattern.PREFIXED, prefix, Operation.READ);
  }

  /** Whether one of the rules lets its user do this. */
  public static boolean allows(
      List<AclRule> rules, Resource resource, String name, Operation operation) {
    return rules.stream()
        .anyMatch(
            rule -> rule.resource == resource && rule.operation == operation && rule.matches(name));
  }

  private boolean matches(String resourceName) {
    return pattern == Pattern.LITERAL ? resourceName.equals(name) : resourceName.startsWith(name);
  }
}

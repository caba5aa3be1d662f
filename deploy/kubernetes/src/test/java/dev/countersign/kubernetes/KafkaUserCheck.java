package dev.countersign.kubernetes;

import dev.countersign.protocol.kafka.AclRule;
import dev.countersign.protocol.kafka.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.KafkaUserQuotas;
import io.strimzi.api.kafka.model.user.acl.AclOperation;
import io.strimzi.api.kafka.model.user.acl.AclResourcePatternType;
import io.strimzi.api.kafka.model.user.acl.AclRuleGroupResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Who logs in to Kafka may do exactly what {@link KafkaUser} declares. */
final class KafkaUserCheck implements Check {
  @Override
  public void run(Manifests manifests, Faults faults) {
    TreeSet<String> missing = new TreeSet<>();
    KafkaUser.SERVICES.forEach(user -> missing.add(user.name()));
    for (io.strimzi.api.kafka.model.user.KafkaUser user :
        manifests.all(io.strimzi.api.kafka.model.user.KafkaUser.class)) {
      missing.remove(user.getMetadata().getName());
      compare(user, manifests, faults);
    }
    for (String name : missing) {
      faults.add("KafkaUser/" + name, "it is missing", "one for each service");
    }
  }

  /**
   * What a user of that name must be able to do: a service's rules, or those of the pattern that
   * has the most in common with what it may.
   */
  private static Optional<KafkaUser> declared(String name, List<String> granted) {
    for (KafkaUser service : KafkaUser.SERVICES) {
      if (service.name().equals(name)) {
        return Optional.of(service);
      }
    }
    try {
      return Stream.of(KafkaUser.ofAgent(name), KafkaUser.ofOperator(name))
          .max(
              Comparator.comparing(
                  user -> texts(user.rules()).stream().filter(granted::contains).count()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void compare(
      io.strimzi.api.kafka.model.user.KafkaUser user, Manifests manifests, Faults faults) {
    String id = Manifests.id(user);
    String name = user.getMetadata().getName();
    requireLogin(user, faults);
    List<String> granted = granted(user, faults);
    if (ScalingCheck.logins(manifests).contains(name)) {
      faults.requireSame(id, "its list of ACLs", ScalingCheck.rules(manifests), granted);
      return;
    }
    // It comes with every other right, and may stand or not.
    granted.removeIf(right -> right.startsWith("describe "));
    Optional<KafkaUser> declared = declared(name, granted);
    if (declared.isEmpty()) {
      faults.add(id, "no direct client can have that name", "a name that is not taken");
      return;
    }
    faults.requireSame(id, "its list of ACLs", texts(declared.get().rules()), granted);
    requireQuota(declared.get(), user, faults);
    declared.get().rules().stream()
        .filter(rule -> !KafkaUser.SERVICES.contains(declared.get()))
        .filter(rule -> rule.name().startsWith("permission.replies."))
        .forEach(rule -> requireTopic(rule.name(), id, manifests, faults));
  }

  private static void requireLogin(io.strimzi.api.kafka.model.user.KafkaUser user, Faults faults) {
    faults.requireEqual(
        Manifests.id(user),
        "authentication",
        "scram-sha-512",
        user.getSpec().getAuthentication() == null
            ? null
            : user.getSpec().getAuthentication().getType());
  }

  private static void requireTopic(String topic, String id, Manifests manifests, Faults faults) {
    boolean there =
        manifests.all(io.strimzi.api.kafka.model.topic.KafkaTopic.class).stream()
            .anyMatch(each -> TopicCheck.name(each).equals(topic));
    faults.require(
        there, id, "the topic of its replies, " + topic + ", is missing", "a KafkaTopic for it");
  }

  /** Whoever is no service could otherwise fill the brokers. */
  private static void requireQuota(
      KafkaUser declared, io.strimzi.api.kafka.model.user.KafkaUser user, Faults faults) {
    KafkaUserQuotas quotas = user.getSpec().getQuotas();
    Integer rate = quotas == null ? null : quotas.getProducerByteRate();
    if (KafkaUser.SERVICES.contains(declared)) {
      faults.require(
          rate == null, Manifests.id(user), "a service has the quota " + rate, "no quota");
    } else {
      faults.require(
          rate != null && rate > 0,
          Manifests.id(user),
          "it has no quota, so it may fill the brokers",
          "spec.quotas.producerByteRate, such as 131072");
    }
  }

  private static List<String> texts(List<AclRule> rules) {
    return rules.stream()
        .map(rule -> text(rule.resource(), rule.pattern(), rule.name(), rule.operation()))
        .toList();
  }

  /** Kafka writes DESCRIBE_CONFIGS, Strimzi DescribeConfigs. */
  private static String text(Object resource, Object pattern, String name, Object operation) {
    return "%s %s %s:%s"
        .formatted(operation.toString().replace("_", ""), resource, pattern, name)
        .toLowerCase(Locale.ROOT);
  }

  private static List<String> granted(
      io.strimzi.api.kafka.model.user.KafkaUser user, Faults faults) {
    String id = Manifests.id(user);
    List<String> texts = new ArrayList<>();
    if (!(user.getSpec().getAuthorization() instanceof KafkaUserAuthorizationSimple simple)) {
      return texts;
    }
    for (io.strimzi.api.kafka.model.user.acl.AclRule rule : simple.getAcls()) {
      boolean allow = rule.getType() == null || rule.getType() == AclRuleType.ALLOW;
      faults.require(allow, id, "it has a rule that denies", "only rules that allow");
      for (AclOperation operation : rule.getOperations()) {
        texts.add(resource(rule.getResource(), operation));
      }
    }
    return texts;
  }

  private static String resource(AclRuleResource resource, AclOperation operation) {
    if (resource instanceof AclRuleTopicResource topic) {
      return text(
          AclRule.Resource.TOPIC, pattern(topic.getPatternType()), topic.getName(), operation);
    }
    if (resource instanceof AclRuleGroupResource group) {
      return text(
          AclRule.Resource.GROUP, pattern(group.getPatternType()), group.getName(), operation);
    }
    return (operation + " " + resource.getType()).toLowerCase(Locale.ROOT);
  }

  private static AclRule.Pattern pattern(AclResourcePatternType type) {
    return type == AclResourcePatternType.PREFIX
        ? AclRule.Pattern.PREFIXED
        : AclRule.Pattern.LITERAL;
  }
}

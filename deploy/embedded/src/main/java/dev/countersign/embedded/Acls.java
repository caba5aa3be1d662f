package dev.countersign.embedded;

import dev.countersign.protocol.kafka.AclRule;
import dev.countersign.protocol.kafka.KafkaUser;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * The rules of users as a broker knows them.
 *
 * @param principals whom they are about
 */
record Acls(Set<String> principals, Set<AclBinding> bindings) {
  static Acls of(List<KafkaUser> users) {
    return new Acls(
        users.stream().map(Acls::principal).collect(Collectors.toSet()),
        users.stream()
            .flatMap(user -> user.rules().stream().map(rule -> binding(user, rule)))
            .collect(Collectors.toSet()));
  }

  /** What selects those of the users' rules that are none of these. */
  List<AclBindingFilter> superfluous(Collection<AclBinding> present) {
    return present.stream()
        .filter(binding -> principals.contains(binding.entry().principal()))
        .filter(binding -> !bindings.contains(binding))
        .map(AclBinding::toFilter)
        .toList();
  }

  private static String principal(KafkaUser user) {
    return "User:" + user.name();
  }

  private static AclBinding binding(KafkaUser user, AclRule rule) {
    ResourceType type =
        switch (rule.resource()) {
          case TOPIC -> ResourceType.TOPIC;
          case GROUP -> ResourceType.GROUP;
        };
    PatternType pattern =
        switch (rule.pattern()) {
          case LITERAL -> PatternType.LITERAL;
          case PREFIXED -> PatternType.PREFIXED;
        };
    AclOperation operation =
        switch (rule.operation()) {
          case READ -> AclOperation.READ;
          case WRITE -> AclOperation.WRITE;
        };
    return new AclBinding(
        new ResourcePattern(type, rule.name(), pattern),
        new AccessControlEntry(principal(user), "*", operation, AclPermissionType.ALLOW));
  }
}

package dev.countersign.embedded;

import dev.countersign.protocol.kafka.AclRule;
import dev.countersign.protocol.kafka.KafkaUser;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The rules of users as a broker knows them. */
final class Acls {
  private Acls() {}

  static Set<AclBinding> of(KafkaUser user) {
    return user.rules().stream().map(rule -> binding(user, rule)).collect(Collectors.toSet());
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
          case DESCRIBE_CONFIGS -> AclOperation.DESCRIBE_CONFIGS;
        };
    return new AclBinding(
        new ResourcePattern(type, rule.name(), pattern),
        new AccessControlEntry("User:" + user.name(), "*", operation, AclPermissionType.ALLOW));
  }
}

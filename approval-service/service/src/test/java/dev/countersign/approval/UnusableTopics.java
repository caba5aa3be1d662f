package dev.countersign.approval;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Makes topics that exist, and refuse what the service sends. */
final class UnusableTopics {
  private UnusableTopics() {}

  /** A topic that the service may see but not write to. */
  static String withoutAuthority() {
    String topic = World.id("permission.replies.forbidden");
    ResourcePattern pattern = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
    with(
        admin -> {
          admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
          admin
              .createAcls(
                  List.of(
                      entry(pattern, AclOperation.ALL, AclPermissionType.ALLOW),
                      entry(pattern, AclOperation.WRITE, AclPermissionType.DENY)))
              .all()
              .get();
        });
    return topic;
  }

  /** A topic that takes no record as large as a reply. */
  static String forSmallRecordsOnly() {
    String topic = World.id("permission.replies.small");
    with(
        admin ->
            admin
                .createTopics(
                    List.of(
                        new NewTopic(topic, 1, (short) 1)
                            .configs(Map.of("max.message.bytes", "200"))))
                .all()
                .get());
    return topic;
  }

  private static AclBinding entry(
      ResourcePattern pattern, AclOperation operation, AclPermissionType permission) {
    return new AclBinding(
        pattern, new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
  }

  private interface Step {
    void run(Admin admin) throws ExecutionException, InterruptedException;
  }

  private static void with(Step step) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", System.getProperty(BackendsResource.KAFKA));
    try (Admin admin = Admin.create(config)) {
      step.run(admin);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

package dev.countersign.kubernetes;

import io.fabric8.kubernetes.api.model.SecurityContext;
import io.strimzi.api.kafka.model.common.template.ContainerTemplate;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import java.util.List;
import java.util.Optional;

/**
 * A namespace that enforces {@code restricted} lets in what Strimzi runs. Strimzi asks for so
 * little only if its templates say so, or its own configuration, which is not ours.
 */
final class KafkaPodSecurityCheck implements Check {
  @Override
  public void run(Manifests manifests, Faults faults) {
    boolean restricted =
        manifests.ofKind("Namespace").stream().anyMatch(PodSecurityCheck::enforcesRestricted);
    if (!restricted) {
      return;
    }
    for (KafkaNodePool pool : manifests.all(KafkaNodePool.class)) {
      var template = Optional.ofNullable(pool.getSpec().getTemplate());
      String id = Manifests.id(pool);
      require(id, "kafkaContainer", template.map(each -> each.getKafkaContainer()), faults);
      require(id, "initContainer", template.map(each -> each.getInitContainer()), faults);
    }
    for (Kafka kafka : manifests.all(Kafka.class)) {
      var template =
          Optional.ofNullable(kafka.getSpec().getEntityOperator()).map(each -> each.getTemplate());
      String id = Manifests.id(kafka);
      require(
          id,
          "topicOperatorContainer",
          template.map(each -> each.getTopicOperatorContainer()),
          faults);
      require(
          id,
          "userOperatorContainer",
          template.map(each -> each.getUserOperatorContainer()),
          faults);
    }
  }

  private static void require(
      String id, String name, Optional<ContainerTemplate> template, Faults faults) {
    String at = id + ", template " + name;
    SecurityContext context =
        template.map(ContainerTemplate::getSecurityContext).orElseGet(SecurityContext::new);
    faults.requireEqual(
        at, "allowPrivilegeEscalation", false, context.getAllowPrivilegeEscalation());
    faults.requireEqual(at, "runAsNonRoot", true, context.getRunAsNonRoot());
    faults.requireEqual(
        at,
        "seccompProfile",
        "RuntimeDefault",
        context.getSeccompProfile() == null ? null : context.getSeccompProfile().getType());
    faults.requireEqual(
        at,
        "the list of dropped capabilities",
        List.of("ALL"),
        context.getCapabilities() == null ? null : context.getCapabilities().getDrop());
  }
}

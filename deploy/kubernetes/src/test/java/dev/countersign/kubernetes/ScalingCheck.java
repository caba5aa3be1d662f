package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.protocol.kafka.TopicPlan;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What is scaled by the lag of a group has replicas for its partitions, and no more. */
final class ScalingCheck implements Check {
  @Override
  public void run(Manifests manifests, Faults faults) {
    for (ObjectNode object : manifests.ofKind("ScaledObject")) {
      String id = Manifests.id(object);
      String target = object.at("/spec/scaleTargetRef/name").asText();
      Optional<Workload> workload =
          Workload.all(manifests).stream()
              .filter(each -> each.service().label().equals(target))
              .findFirst();
      if (workload.isEmpty()) {
        faults.add(id, "it scales " + target + ", which is no service", "a service's name");
        continue;
      }
      faults.require(
          workload.get().deployment().getSpec().getReplicas() == null,
          workload.get().id(),
          "spec.replicas is set, so each kubectl apply takes away what " + id + " added",
          "no spec.replicas");
      faults.requireEqual(id, "its name", target, Manifests.name(object));
      requireLimits(id, object, faults);
      for (JsonNode trigger : object.at("/spec/triggers")) {
        requireTrigger(id, object, trigger, workload.get(), manifests, faults);
      }
    }
  }

  private static void requireLimits(String id, ObjectNode object, Faults faults) {
    int least = object.at("/spec/minReplicaCount").asInt();
    int most = object.at("/spec/maxReplicaCount").asInt();
    faults.require(least >= 2, id, "minReplicaCount is " + least, "at least 2, to lose one");
    int fallback = object.at("/spec/fallback/replicas").asInt(least);
    faults.require(
        least <= fallback && fallback <= most,
        id,
        "fallback.replicas is " + fallback,
        least + " to " + most);
  }

  private static void requireTrigger(
      String id,
      ObjectNode object,
      JsonNode trigger,
      Workload workload,
      Manifests manifests,
      Faults faults) {
    JsonNode metadata = trigger.path("metadata");
    String topic = metadata.path("topic").asText();
    List<Channel> shared =
        Channel.incoming(workload.service()).stream().filter(Channel::isShared).toList();
    Optional<Channel> channel =
        shared.stream()
            .filter(each -> each.topic().equals(topic))
            .filter(each -> each.group().equals(metadata.path("consumerGroup").asText()))
            .findFirst();
    faults.require(
        channel.isPresent(),
        id,
        "the service does not read %s in the group %s"
            .formatted(topic, metadata.path("consumerGroup").asText()),
        "one of " + shared);
    channel.ifPresent(each -> faults.requireAt(id, metadata, "/offsetResetPolicy", each.reset()));
    int most = object.at("/spec/maxReplicaCount").asInt();
    faults.require(
        most >= 1 && most <= partitions(topic, manifests),
        id,
        "maxReplicaCount is " + most,
        "at most %d, the partitions of %s".formatted(partitions(topic, manifests), topic));
    faults.requireAt(id, metadata, "/sasl", "scram_sha512");
    faults.requireAt(id, metadata, "/tls", "enable");
    // KEDA asks from its own namespace.
    String servers =
        workload
            .settings()
            .value("kafka.bootstrap.servers")
            .orElse("")
            .replaceFirst(":", "." + workload.deployment().getMetadata().getNamespace() + ":");
    String asked = metadata.path("bootstrapServers").asText().replaceFirst("\\.svc.*:", ":");
    faults.requireEqual(id, "bootstrapServers", servers, asked);
    String login = trigger.at("/authenticationRef/name").asText();
    faults.require(
        manifests.find("TriggerAuthentication", login).isPresent(),
        id,
        "there is no TriggerAuthentication/" + login,
        "one in the tree");
  }

  private static int partitions(String topic, Manifests manifests) {
    return manifests.all(KafkaTopic.class).stream()
        .filter(each -> TopicCheck.name(each).equals(topic))
        .map(each -> each.getSpec().getPartitions())
        .findFirst()
        .orElse(TopicPlan.PARTITIONS);
  }

  /** What a scaler must be able to do: ask how far each group is, and where its topic ends. */
  static List<String> rules(Manifests manifests) {
    List<String> rules = new ArrayList<>();
    for (ObjectNode object : manifests.ofKind("ScaledObject")) {
      for (JsonNode trigger : object.at("/spec/triggers")) {
        rules.add("describe topic literal:" + trigger.at("/metadata/topic").asText());
        rules.add("describe group literal:" + trigger.at("/metadata/consumerGroup").asText());
      }
    }
    return rules;
  }

  /** As whom scalers log in: the users whose secrets hold their passwords. */
  static List<String> logins(Manifests manifests) {
    return manifests.ofKind("TriggerAuthentication").stream()
        .flatMap(object -> stream(object.at("/spec/secretTargetRef")))
        .filter(each -> each.path("parameter").asText().equals("password"))
        .map(each -> each.path("name").asText())
        .toList();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}

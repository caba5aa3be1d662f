package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.protocol.Json;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.kafka.KafkaAuthorizationSimple;
import io.strimzi.api.kafka.model.kafka.listener.GenericKafkaListener;
import io.strimzi.api.kafka.model.kafka.listener.KafkaListenerAuthenticationScramSha512;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.nodepool.ProcessRoles;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * The brokers are of the release that is tested, let in only who logs in, and keep what they took.
 */
final class KafkaClusterCheck implements Check {
  private static final String CLUSTER = "strimzi.io/cluster";
  private static final int COPIES = 3;

  @Override
  public void run(Manifests manifests, Faults faults) {
    List<Kafka> clusters = manifests.all(Kafka.class);
    faults.requireEqual("the Kafkas", "their number", 1, clusters.size());
    for (Kafka kafka : clusters) {
      requireAccess(kafka, faults);
      requireSettings(kafka, manifests, faults);
      requireMembers(kafka, manifests, faults);
    }
  }

  private static void requireAccess(Kafka kafka, Faults faults) {
    String id = Manifests.id(kafka);
    faults.require(
        kafka.getSpec().getKafka().getAuthorization() instanceof KafkaAuthorizationSimple simple
            && (simple.getSuperUsers() == null || simple.getSuperUsers().isEmpty()),
        id,
        "it has no simple authorization, or has super users",
        "authorization.type simple, and nobody who may do everything");
    for (GenericKafkaListener listener : kafka.getSpec().getKafka().getListeners()) {
      faults.require(
          listener.isTls() && listener.getAuth() instanceof KafkaListenerAuthenticationScramSha512,
          id,
          "its listener " + listener.getName() + " lets in who has no login, or shows it",
          "tls true and authentication scram-sha-512");
    }
    faults.require(
        kafka.getSpec().getEntityOperator() != null
            && kafka.getSpec().getEntityOperator().getTopicOperator() != null
            && kafka.getSpec().getEntityOperator().getUserOperator() != null,
        id,
        "nobody makes its topics or its users",
        "entityOperator with topicOperator and userOperator");
  }

  private static void requireSettings(Kafka kafka, Manifests manifests, Faults faults) {
    String id = Manifests.id(kafka);
    // The brokers of the tests are of the clients' release, too.
    faults.requireEqual(
        id, "its version", AppInfoParser.getVersion(), kafka.getSpec().getKafka().getVersion());
    Map<String, Object> config =
        Optional.ofNullable(kafka.getSpec().getKafka().getConfig()).orElse(Map.of());
    requireSetting(id, config, "auto.create.topics.enable", "false", faults);
    requireSetting(id, config, "unclean.leader.election.enable", "false", faults);
    requireSetting(id, config, "log.message.timestamp.type", "LogAppendTime", faults);
    requireSetting(id, config, "message.max.bytes", String.valueOf(Json.MAX_RECORD_BYTES), faults);
    int brokers = nodes(manifests, ProcessRoles.BROKER);
    int copies = Math.min(COPIES, brokers);
    String written = String.valueOf(Math.max(1, copies - 1));
    requireSetting(id, config, "default.replication.factor", String.valueOf(copies), faults);
    requireSetting(id, config, "offsets.topic.replication.factor", "" + copies, faults);
    requireSetting(id, config, "transaction.state.log.replication.factor", "" + copies, faults);
    requireSetting(id, config, "transaction.state.log.min.isr", written, faults);
    requireSetting(id, config, "min.insync.replicas", written, faults);
    for (KafkaTopic topic : manifests.all(KafkaTopic.class)) {
      faults.requireEqual(
          Manifests.id(topic),
          "replicas, on " + brokers + " brokers,",
          copies,
          topic.getSpec().getReplicas());
    }
  }

  private static void requireSetting(
      String id, Map<String, Object> config, String name, String right, Faults faults) {
    faults.requireEqual(
        id, name, right, Optional.ofNullable(config.get(name)).map(String::valueOf).orElse(null));
  }

  /** How many nodes have that role. */
  static int nodes(Manifests manifests, ProcessRoles role) {
    return manifests.all(KafkaNodePool.class).stream()
        .filter(pool -> pool.getSpec().getRoles().contains(role))
        .mapToInt(pool -> pool.getSpec().getReplicas())
        .sum();
  }

  private static void requireMembers(Kafka kafka, Manifests manifests, Faults faults) {
    for (String kind : List.of("KafkaNodePool", "KafkaTopic", "KafkaUser")) {
      for (ObjectNode object : manifests.ofKind(kind)) {
        faults.requireEqual(
            Manifests.id(object),
            "the label " + CLUSTER,
            kafka.getMetadata().getName(),
            object.path("metadata").path("labels").path(CLUSTER).asText());
      }
    }
    for (ProcessRoles role : ProcessRoles.values()) {
      int nodes = nodes(manifests, role);
      faults.require(
          nodes % 2 == 1,
          Manifests.id(kafka),
          "it has " + nodes + " nodes in the role " + role,
          "an odd number: 1, or 3 to lose one");
    }
    for (KafkaNodePool pool : manifests.all(KafkaNodePool.class)) {
      String storage =
          manifests
              .get("KafkaNodePool", pool.getMetadata().getName())
              .at("/spec/storage")
              .toString();
      faults.require(
          storage.contains("persistent-claim"),
          Manifests.id(pool),
          "its storage is gone with its pod",
          "persistent-claim");
    }
  }
}

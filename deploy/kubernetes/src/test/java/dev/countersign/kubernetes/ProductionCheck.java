package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.strimzi.api.kafka.model.nodepool.ProcessRoles;
import java.util.List;
import java.util.Optional;

/** What people rely on survives the loss of a zone. */
final class ProductionCheck implements Check {
  private static final int ZONES = 3;
  private static final String ZONE = "topology.kubernetes.io/zone";

  @Override
  public void run(Manifests manifests, Faults faults) {
    for (Workload workload : Workload.all(manifests)) {
      requireReplicas(workload, manifests, faults);
    }
    for (ProcessRoles role : ProcessRoles.values()) {
      int nodes = KafkaClusterCheck.nodes(manifests, role);
      faults.require(
          nodes >= ZONES,
          "the KafkaNodePools",
          nodes + " nodes have the role " + role,
          "at least " + ZONES);
    }
    for (ObjectNode kafka : manifests.ofKind("Kafka")) {
      faults.requireAt(Manifests.id(kafka), kafka, "/spec/kafka/rack/topologyKey", ZONE);
    }
    for (ObjectNode cluster : manifests.ofKind("Cluster")) {
      requirePostgres(cluster, manifests, faults);
    }
    for (String kind : List.of("ScaledObject", "PodMonitor", "Gateway", "HTTPRoute")) {
      faults.require(
          !manifests.ofKind(kind).isEmpty(), "the overlay", "it has no " + kind, "at least one");
    }
  }

  private static void requireReplicas(Workload workload, Manifests manifests, Faults faults) {
    int least =
        manifests
            .find("ScaledObject", workload.service().label())
            .map(object -> object.at("/spec/minReplicaCount").asInt())
            .orElseGet(
                () -> Optional.ofNullable(workload.deployment().getSpec().getReplicas()).orElse(1));
    faults.require(
        least >= ZONES, workload.id(), "it has " + least + " replicas", "at least " + ZONES);
    boolean strict =
        workload.pod().getTopologySpreadConstraints().stream()
            .anyMatch(
                each ->
                    each.getTopologyKey().equals(ZONE)
                        && each.getMaxSkew() == 1
                        && each.getWhenUnsatisfiable().equals("DoNotSchedule"));
    faults.require(
        strict,
        workload.id(),
        "its replicas may all be in one zone",
        "a topologySpreadConstraint by zone, maxSkew 1, DoNotSchedule");
  }

  private static void requirePostgres(ObjectNode cluster, Manifests manifests, Faults faults) {
    String id = Manifests.id(cluster);
    int instances = cluster.at("/spec/instances").asInt();
    faults.require(
        instances >= ZONES, id, "it has " + instances + " instances", "at least " + ZONES);
    faults.requireAt(id, cluster, "/spec/postgresql/synchronous/number", "1");
    faults.requireAt(id, cluster, "/spec/postgresql/synchronous/dataDurability", "required");
    faults.requireAt(id, cluster, "/spec/affinity/topologyKey", ZONE);
    faults.requireAt(id, cluster, "/spec/affinity/podAntiAffinityType", "required");
    faults.require(
        manifests.ofKind("ScheduledBackup").stream()
            .anyMatch(
                backup -> backup.at("/spec/cluster/name").asText().equals(Manifests.name(cluster))),
        id,
        "nobody backs it up",
        "a ScheduledBackup that names it");
  }
}

package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.nodepool.ProcessRoles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What people rely on survives the loss of a zone, and can be restored. */
final class ProductionCheck implements Check {
  private static final int ZONES = 3;
  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final String WAIT = "DoNotSchedule";

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
    for (KafkaNodePool pool : manifests.all(KafkaNodePool.class)) {
      requireSpread(pool, faults);
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
                        && each.getWhenUnsatisfiable().equals(WAIT)
                        && Selectors.matches(each.getLabelSelector(), workload.labels())
                        && "Honor".equals(each.getNodeTaintsPolicy()));
    faults.require(
        strict,
        workload.id(),
        "its replicas may all be in one zone, or wait for one that is down",
        "a topologySpreadConstraint by zone, maxSkew 1, DoNotSchedule, nodeTaintsPolicy Honor");
  }

  private static void requireSpread(KafkaNodePool pool, Faults faults) {
    List<TopologySpreadConstraint> constraints =
        Optional.ofNullable(pool.getSpec().getTemplate())
            .map(template -> template.getPod())
            .map(pod -> pod.getTopologySpreadConstraints())
            .orElse(List.of());
    faults.require(
        constraints.stream()
            .anyMatch(
                each ->
                    each.getTopologyKey().equals(ZONE)
                        && each.getMaxSkew() == 1
                        && each.getWhenUnsatisfiable().equals(WAIT)
                        && selects(each, pool, pool.getMetadata().getName())
                        && !selects(each, pool, "another")),
        Manifests.id(pool),
        "its nodes may all be in one zone",
        "a topologySpreadConstraint by zone, maxSkew 1, DoNotSchedule, that selects this pool alone");
  }

  /** Strimzi gives a node its pool's label of the cluster, and the pool's name. */
  private static boolean selects(
      TopologySpreadConstraint constraint, KafkaNodePool pool, String name) {
    Map<String, String> labels = new HashMap<>(pool.getMetadata().getLabels());
    labels.put("strimzi.io/pool-name", name);
    return Selectors.matches(constraint.getLabelSelector(), labels);
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
    faults.requireAt(id, cluster, "/spec/postgresql/synchronous/failoverQuorum", "true");
    requireBackup(cluster, manifests, faults);
  }

  private static void requireBackup(ObjectNode cluster, Manifests manifests, Faults faults) {
    List<String> archivers = new ArrayList<>();
    for (JsonNode plugin : cluster.at("/spec/plugins")) {
      if (plugin.path("isWALArchiver").asBoolean() && plugin.path("enabled").asBoolean(true)) {
        archivers.add(plugin.path("name").asText());
      }
    }
    faults.requireEqual(
        Manifests.id(cluster),
        "the number of plugins that archive its write-ahead log",
        1,
        archivers.size());
    List<ObjectNode> backups =
        manifests.ofKind("ScheduledBackup").stream()
            .filter(each -> each.at("/spec/cluster/name").asText().equals(Manifests.name(cluster)))
            .toList();
    faults.require(
        !backups.isEmpty(),
        Manifests.id(cluster),
        "nobody backs it up",
        "a ScheduledBackup that names it");
    for (ObjectNode backup : backups) {
      String id = Manifests.id(backup);
      faults.requireAt(id, backup, "/spec/method", "plugin");
      // A copy without the log that follows it, or the other way round, restores nothing.
      faults.require(
          archivers.contains(backup.at("/spec/pluginConfiguration/name").asText()),
          id,
          "its plugin does not archive the write-ahead log",
          "one of " + archivers);
      faults.require(
          !backup.at("/spec/suspend").asBoolean(), id, "it is suspended", "no spec.suspend");
    }
  }
}

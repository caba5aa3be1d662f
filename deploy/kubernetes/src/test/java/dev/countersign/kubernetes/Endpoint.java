package dev.countersign.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.strimzi.api.kafka.model.kafka.Kafka;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Somebody whom NetworkPolicies let reach others, or not: a pod, or an address outside.
 *
 * @param namespace in which it runs; empty for an address
 * @param labels of its pod
 * @param ports on which it listens, by their names
 */
record Endpoint(
    String name, String namespace, Map<String, String> labels, Map<String, Integer> ports) {
  /** An address that is no pod's. */
  static final String ADDRESS = "203.0.113.7";

  private static final Map<String, Integer> HTTPS = Map.of("https", 443, "api-server", 6443);

  /** Ours as the manifests and the operators make them, those that they name, and strangers. */
  static List<Endpoint> all(Manifests manifests) {
    List<Endpoint> all = new ArrayList<>();
    String own = "";
    for (Workload workload : Workload.all(manifests)) {
      own = workload.deployment().getMetadata().getNamespace();
      Map<String, Integer> ports = new LinkedHashMap<>();
      for (ContainerPort port : workload.container().getPorts()) {
        ports.put(port.getName(), port.getContainerPort());
      }
      all.add(new Endpoint(workload.service().label(), own, workload.labels(), ports));
    }
    for (Kafka kafka : manifests.all(Kafka.class)) {
      all.add(kafka(kafka, own));
      String operator = kafka.getMetadata().getName() + "-entity-operator";
      all.add(new Endpoint("entity-operator", own, strimzi(kafka, operator), Map.of()));
    }
    for (var cluster : manifests.ofKind("Cluster")) {
      all.add(
          new Endpoint(
              "postgres",
              own,
              Map.of("cnpg.io/cluster", Manifests.name(cluster), "cnpg.io/podRole", "instance"),
              Map.of("sql", 5432, "status", 8000, "metrics", 9187)));
    }
    all.add(new Endpoint("stranger-within", own, Map.of("app", "stranger"), Map.of("any", 8080)));
    all.addAll(others());
    return all;
  }

  private static List<Endpoint> others() {
    String name = "app.kubernetes.io/name";
    return List.of(
        new Endpoint("stranger", "elsewhere", Map.of("app", "stranger"), Map.of("any", 8080)),
        new Endpoint(
            "proxy",
            "envoy-gateway-system",
            Map.of("app.kubernetes.io/component", "proxy", name, "envoy"),
            Map.of()),
        new Endpoint("prometheus", "monitoring", Map.of(name, "prometheus"), Map.of("web", 9090)),
        new Endpoint("grafana", "monitoring", Map.of(name, "grafana"), Map.of("web", 3000)),
        new Endpoint("keda", "keda", Map.of("app", "keda-operator"), Map.of()),
        new Endpoint("cnpg", "cnpg-system", Map.of(name, "cloudnative-pg"), Map.of()),
        new Endpoint("dns", "kube-system", Map.of("k8s-app", "kube-dns"), Map.of("dns", 53)),
        new Endpoint("internet", "", Map.of(), HTTPS));
  }

  private static Endpoint kafka(Kafka kafka, String namespace) {
    Map<String, Integer> ports = new TreeMap<>(Map.of("control", 9090, "replication", 9091));
    kafka
        .getSpec()
        .getKafka()
        .getListeners()
        .forEach(listener -> ports.put(listener.getName(), listener.getPort()));
    Map<String, String> labels =
        new TreeMap<>(strimzi(kafka, kafka.getMetadata().getName() + "-kafka"));
    labels.put("strimzi.io/component-type", "kafka");
    labels.put("strimzi.io/broker-role", "true");
    return new Endpoint("kafka", namespace, labels, ports);
  }

  private static Map<String, String> strimzi(Kafka kafka, String name) {
    return Map.of(
        "strimzi.io/cluster",
        kafka.getMetadata().getName(),
        "strimzi.io/kind",
        "Kafka",
        "strimzi.io/name",
        name);
  }

  /** The labels that every namespace has by itself. */
  Map<String, String> namespaceLabels() {
    return Map.of("kubernetes.io/metadata.name", namespace);
  }

  boolean isPod() {
    return !namespace.isEmpty();
  }

  /** Whether a policy's port is this number here. */
  boolean isPort(IntOrString port, int number) {
    Integer is = port.getStrVal() == null ? port.getIntVal() : ports.get(port.getStrVal());
    return is != null && is == number;
  }
}

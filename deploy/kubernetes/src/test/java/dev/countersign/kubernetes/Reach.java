package dev.countersign.kubernetes;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.kafka.listener.GenericKafkaListener;
import java.util.List;

/** Who reaches whom, as Kubernetes reads NetworkPolicies, with those that Strimzi makes. */
final class Reach {
  private final List<NetworkPolicy> policies;
  private final List<Kafka> clusters;

  Reach(Manifests manifests) {
    policies = manifests.all(NetworkPolicy.class);
    clusters = manifests.all(Kafka.class);
  }

  /** Whether packets from one come to the other's port. */
  boolean isOpen(Endpoint from, Endpoint to, int port) {
    return leaves(from, to, port) && enters(from, to, port);
  }

  private boolean leaves(Endpoint from, Endpoint to, int port) {
    List<NetworkPolicy> selecting = selecting(from, "Egress");
    return selecting.isEmpty()
        || selecting.stream()
            .flatMap(policy -> policy.getSpec().getEgress().stream())
            .anyMatch(rule -> isOf(rule, to, from.namespace(), port));
  }

  private boolean enters(Endpoint from, Endpoint to, int port) {
    List<NetworkPolicy> selecting = selecting(to, "Ingress");
    return selecting.isEmpty()
        || selecting.stream()
            .flatMap(policy -> policy.getSpec().getIngress().stream())
            .anyMatch(rule -> isOf(rule, from, to, port))
        || to.name().equals("kafka") && strimziLets(from, to, port);
  }

  /** One without types is about ingress, and about egress if it has rules for it. */
  private List<NetworkPolicy> selecting(Endpoint pod, String type) {
    return policies.stream()
        .filter(policy -> policy.getMetadata().getNamespace().equals(pod.namespace()))
        .filter(policy -> Selectors.matches(policy.getSpec().getPodSelector(), pod.labels()))
        .filter(
            policy ->
                policy.getSpec().getPolicyTypes().contains(type)
                    || policy.getSpec().getPolicyTypes().isEmpty()
                        && (type.equals("Ingress") || !policy.getSpec().getEgress().isEmpty()))
        .toList();
  }

  private static boolean isOf(
      NetworkPolicyEgressRule rule, Endpoint to, String namespace, int port) {
    return isOneOf(rule.getTo(), to, namespace) && isPort(rule.getPorts(), to, port);
  }

  private static boolean isOf(NetworkPolicyIngressRule rule, Endpoint from, Endpoint to, int port) {
    return isOneOf(rule.getFrom(), from, to.namespace()) && isPort(rule.getPorts(), to, port);
  }

  private static boolean isOneOf(List<NetworkPolicyPeer> peers, Endpoint other, String namespace) {
    return peers.isEmpty() || peers.stream().anyMatch(peer -> isPeer(peer, other, namespace));
  }

  /** Whether a rule of a policy in a namespace names this one. */
  static boolean isPeer(NetworkPolicyPeer peer, Endpoint other, String namespace) {
    if (peer.getIpBlock() != null) {
      return !other.isPod() && peer.getIpBlock().getCidr().equals("0.0.0.0/0");
    }
    boolean inNamespace =
        peer.getNamespaceSelector() == null
            ? other.namespace().equals(namespace)
            : Selectors.matches(peer.getNamespaceSelector(), other.namespaceLabels());
    return other.isPod()
        && inNamespace
        && (peer.getPodSelector() == null
            || Selectors.matches(peer.getPodSelector(), other.labels()));
  }

  private static boolean isPort(List<NetworkPolicyPort> ports, Endpoint of, int number) {
    return ports.isEmpty()
        || ports.stream()
            .filter(port -> protocol(number).equals(or(port.getProtocol(), "TCP")))
            .anyMatch(port -> isPort(port, of, number));
  }

  private static boolean isPort(NetworkPolicyPort port, Endpoint of, int number) {
    if (port.getEndPort() != null) {
      return port.getPort().getIntVal() <= number && number <= port.getEndPort();
    }
    return port.getPort() == null || of.isPort(port.getPort(), number);
  }

  /** Only names are asked for without a connection. */
  private static String protocol(int number) {
    return number == 53 ? "UDP" : "TCP";
  }

  private static String or(String value, String otherwise) {
    return value == null ? otherwise : value;
  }

  /** Of each listener it takes the peers; its own ports are for what it runs itself. */
  private boolean strimziLets(Endpoint from, Endpoint kafka, int port) {
    if (port == kafka.ports().get("control")) {
      return from.name().equals("kafka");
    }
    if (port == kafka.ports().get("replication")) {
      return List.of("kafka", "entity-operator").contains(from.name());
    }
    return clusters.stream()
        .flatMap(cluster -> cluster.getSpec().getKafka().getListeners().stream())
        .filter(listener -> listener.getPort() == port)
        .anyMatch(listener -> isPeerOf(listener, from, kafka.namespace()));
  }

  /** Without a list Strimzi lets everybody in. */
  private static boolean isPeerOf(GenericKafkaListener listener, Endpoint from, String namespace) {
    return listener.getNetworkPolicyPeers() == null
        || listener.getNetworkPolicyPeers().stream()
            .anyMatch(peer -> isPeer(peer, from, namespace));
  }
}

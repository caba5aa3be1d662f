package dev.countersign.kubernetes;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The network lets through what is drawn here, and nothing else. */
final class NetworkCheck implements Check {
  /** From, to and the port's name there. */
  private static final String ARROWS =
      """
      proxy            agent-gateway     http
      prometheus       agent-gateway     metrics
      prometheus       approval-service  metrics
      prometheus       permission-store  metrics
      agent-gateway    approval-service  http
      agent-gateway    permission-store  http
      agent-gateway    kafka             clients
      approval-service kafka             clients
      permission-store kafka             clients
      approval-service postgres          sql
      permission-store postgres          sql
      kafka            kafka             control
      kafka            kafka             replication
      entity-operator  kafka             replication
      postgres         postgres          sql
      postgres         postgres          status
      cnpg             postgres          sql
      cnpg             postgres          status
      agent-gateway    dns               dns
      approval-service dns               dns
      permission-store dns               dns
      kafka            dns               dns
      entity-operator  dns               dns
      postgres         dns               dns
      stranger-within  dns               dns
      kafka            internet          https
      kafka            internet          api-server
      entity-operator  internet          https
      entity-operator  internet          api-server
      postgres         internet          https
      postgres         internet          api-server
      """;

  /** Drawn where something is scaled by what Kafka holds. */
  private static final String SCALER = "keda             kafka             clients";

  @Override
  public void run(Manifests manifests, Faults faults) {
    List<Endpoint> endpoints = Endpoint.all(manifests);
    Set<String> drawn = new TreeSet<>();
    ARROWS.lines().map(NetworkCheck::arrow).forEach(drawn::add);
    if (!manifests.ofKind("ScaledObject").isEmpty()) {
      drawn.add(arrow(SCALER));
    }
    Set<String> open = new TreeSet<>();
    Reach reach = new Reach(manifests);
    for (Endpoint from : endpoints) {
      for (Endpoint to : endpoints) {
        if (isOurs(from, endpoints) || isOurs(to, endpoints)) {
          to.ports()
              .forEach(
                  (name, port) -> {
                    if (reach.isOpen(from, to, port)) {
                      open.add(from.name() + " to " + to.name() + " " + name);
                    }
                  });
        }
      }
    }
    faults.requireSame("the NetworkPolicies", "the list of arrows", drawn, open);
    for (NetworkPolicy policy : manifests.all(NetworkPolicy.class)) {
      requireSelected(policy, endpoints, faults);
    }
  }

  private static String arrow(String line) {
    String[] words = line.split(" +");
    return words[0] + " to " + words[1] + " " + words[2];
  }

  private static boolean isOurs(Endpoint endpoint, List<Endpoint> all) {
    return endpoint.isPod() && endpoint.namespace().equals(all.get(0).namespace());
  }

  /** A selector that finds nobody is a misspelt one. */
  private static void requireSelected(
      NetworkPolicy policy, List<Endpoint> endpoints, Faults faults) {
    String id = Manifests.id(policy);
    faults.require(
        endpoints.stream()
            .filter(each -> each.namespace().equals(policy.getMetadata().getNamespace()))
            .anyMatch(each -> Selectors.matches(policy.getSpec().getPodSelector(), each.labels())),
        id,
        "it selects no pod",
        "labels that pods have");
    Stream.concat(
            policy.getSpec().getIngress().stream().flatMap(rule -> rule.getFrom().stream()),
            policy.getSpec().getEgress().stream().flatMap(rule -> rule.getTo().stream()))
        .forEach(peer -> requirePeer(peer, policy, endpoints, faults));
  }

  private static void requirePeer(
      NetworkPolicyPeer peer, NetworkPolicy policy, List<Endpoint> endpoints, Faults faults) {
    faults.require(
        endpoints.stream()
            .anyMatch(each -> Reach.isPeer(peer, each, policy.getMetadata().getNamespace())),
        Manifests.id(policy),
        "nobody is what it names by " + peer,
        "labels that pods have");
  }
}

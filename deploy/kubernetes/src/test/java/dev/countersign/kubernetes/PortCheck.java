package dev.countersign.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Services listen where the manifests say, for others than themselves, and are found there. */
final class PortCheck implements Check {
  static final String HTTP = "http";
  static final String METRICS = "metrics";
  private static final List<String> EVERYWHERE = List.of("0.0.0.0", "::");

  @Override
  public void run(Manifests manifests, Faults faults) {
    for (Workload workload : Workload.all(manifests)) {
      requirePorts(workload, faults);
      requireService(workload, manifests, faults);
    }
    for (Service service : Service.values()) {
      faults.require(
          Workload.all(manifests).stream().anyMatch(workload -> workload.service() == service),
          "Deployment/" + service.label(),
          "it is missing, or has no container of its name",
          "a Deployment with a container " + service.label());
    }
  }

  private static void requirePorts(Workload workload, Faults faults) {
    Map<String, Object> right = new HashMap<>();
    listening(workload, "quarkus.http", faults).ifPresent(port -> right.put(HTTP, port));
    listening(workload, "quarkus.management", faults).ifPresent(port -> right.put(METRICS, port));
    Map<String, Object> are = new HashMap<>();
    for (ContainerPort port : workload.container().getPorts()) {
      are.put(port.getName(), port.getContainerPort());
    }
    faults.requireSame(workload.id(), "its list of ports", right.entrySet(), are.entrySet());
  }

  private static Optional<Integer> listening(Workload workload, String prefix, Faults faults) {
    String host = workload.settings().value(prefix + ".host").orElse(null);
    faults.require(
        EVERYWHERE.contains(host),
        workload.id(),
        prefix + ".host is " + host + ", so nobody else reaches it",
        KnownVariables.variable(prefix + ".host") + "=0.0.0.0");
    return workload.settings().value(prefix + ".port").map(Integer::valueOf);
  }

  /** Only HTTP has a Service: metrics are asked of each pod. */
  private static void requireService(Workload workload, Manifests manifests, Faults faults) {
    String label = workload.service().label();
    List<io.fabric8.kubernetes.api.model.Service> services =
        manifests.all(io.fabric8.kubernetes.api.model.Service.class).stream()
            .filter(each -> Selectors.matches(each.getSpec().getSelector(), workload.labels()))
            .toList();
    faults.requireEqual(
        workload.id(),
        "the list of Services that lead to its pods",
        List.of(label),
        services.stream().map(each -> each.getMetadata().getName()).toList());
    for (io.fabric8.kubernetes.api.model.Service service : services) {
      for (ServicePort port : service.getSpec().getPorts()) {
        faults.requireEqual(
            Manifests.id(service),
            "the target of its port " + port.getPort(),
            workload.port(HTTP).orElse(null),
            port.getTargetPort() == null ? port.getPort() : workload.number(port.getTargetPort()));
      }
      String type = service.getSpec().getType();
      faults.require(
          type == null || type.equals("ClusterIP"),
          Manifests.id(service),
          "its type is " + type,
          "ClusterIP: only the gateway is reached from outside, through its route");
    }
  }
}

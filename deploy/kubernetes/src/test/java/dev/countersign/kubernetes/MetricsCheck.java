package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Prometheus finds every replica's metrics once, under the job that the alerts name. */
final class MetricsCheck implements Check {
  @Override
  public void run(Manifests manifests, Faults faults) {
    List<ObjectNode> monitors = manifests.ofKind("PodMonitor");
    for (ObjectNode monitor : monitors) {
      requireEndpoints(monitor, manifests, faults);
    }
    if (monitors.isEmpty()) {
      return;
    }
    for (Workload workload : Workload.all(manifests)) {
      List<String> selecting = new ArrayList<>();
      for (ObjectNode monitor : monitors) {
        if (isSelected(monitor, workload)) {
          selecting.add(Manifests.name(monitor));
          String label = monitor.at("/spec/jobLabel").asText();
          faults.requireEqual(
              Manifests.id(monitor),
              "the job of " + workload.id() + ", its label " + label + ",",
              workload.service().label(),
              workload.labels().get(label));
        }
      }
      faults.requireEqual(
          workload.id(), "the number of PodMonitors that select it", 1, selecting.size());
    }
  }

  private static boolean isSelected(ObjectNode monitor, Workload workload) {
    return Selectors.matches(
        Manifests.typed(monitor.at("/spec/selector"), LabelSelector.class), workload.labels());
  }

  private static void requireEndpoints(ObjectNode monitor, Manifests manifests, Faults faults) {
    String id = Manifests.id(monitor);
    JsonNode endpoints = monitor.at("/spec/podMetricsEndpoints");
    faults.requireEqual(id, "the number of podMetricsEndpoints", 1, endpoints.size());
    for (Workload workload : Workload.all(manifests)) {
      Map<String, String> right =
          Map.of(
              "port",
              PortCheck.METRICS,
              "path",
              workload.settings().value("quarkus.management.root-path").orElse("/q")
                  + "/"
                  + workload
                      .settings()
                      .value("quarkus.micrometer.export.prometheus.path")
                      .orElse("metrics"));
      for (JsonNode endpoint : endpoints) {
        right.forEach((name, value) -> faults.requireAt(id, endpoint, "/" + name, value));
      }
    }
  }
}

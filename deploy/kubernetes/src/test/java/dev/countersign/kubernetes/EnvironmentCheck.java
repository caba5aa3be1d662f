package dev.countersign.kubernetes;

import io.fabric8.kubernetes.api.model.EnvFromSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every variable is a setting that the service reads, and every setting that it needs is given. */
final class EnvironmentCheck implements Check {
  private static final List<String> NEEDED = List.of("kafka.bootstrap.servers");
  private static final List<String> NEEDED_WITH_DATABASE =
      List.of(
          "quarkus.datasource.username",
          "quarkus.datasource.password",
          "quarkus.datasource.jdbc.url",
          "quarkus.datasource.reactive.url");

  /** Whom the gateway asks. */
  private static final Map<String, Service> BEHIND =
      Map.of(
          "countersign.approval.url", Service.APPROVAL_SERVICE,
          "countersign.store.url", Service.PERMISSION_STORE);

  @Override
  public void run(Manifests manifests, Faults faults) {
    for (Workload workload : Workload.all(manifests)) {
      requireKnown(workload, faults);
      requireNeeded(workload, faults);
      for (String problem : workload.settings().problems()) {
        faults.add(workload.id(), problem, "what its typed settings take");
      }
      requireOneReplicaOneName(workload, faults);
      requireServicesBehind(workload, manifests, faults);
    }
  }

  private static void requireKnown(Workload workload, Faults faults) {
    KnownVariables known = KnownVariables.of(workload.service());
    Set<String> referredTo = new HashSet<>(workload.referredTo());
    Set<String> seen = new HashSet<>();
    workload
        .container()
        .getEnv()
        .forEach(
            variable ->
                faults.require(
                    seen.add(variable.getName()),
                    workload.id(),
                    "it sets " + variable.getName() + " twice",
                    "once"));
    for (String name : workload.environment().keySet()) {
      faults.require(
          known.has(name) || referredTo.contains(name),
          workload.id(),
          "nothing reads " + name + " when the service runs",
          "a setting of docs/operations.md, or of Quarkus or Kafka's clients at run time");
    }
    for (EnvFromSource from : workload.container().getEnvFrom()) {
      faults.require(
          from.getSecretRef() == null,
          workload.id(),
          "it takes every key of a secret as a variable",
          "each by env and secretKeyRef, so that nothing else can be set by the secret");
    }
  }

  /** What the service's own files say is for one machine. */
  private static void requireNeeded(Workload workload, Faults faults) {
    List<String> needed = new ArrayList<>(NEEDED);
    if (workload.service().hasDatabase()) {
      needed.addAll(NEEDED_WITH_DATABASE);
    }
    if (workload.service() == Service.AGENT_GATEWAY) {
      needed.addAll(BEHIND.keySet());
    }
    for (String property : needed) {
      String variable = KnownVariables.variable(property);
      faults.require(
          workload.environment().containsKey(variable),
          workload.id(),
          variable + " is not set",
          "the value of " + property);
    }
    for (Map.Entry<String, String> each : workload.environment().entrySet()) {
      faults.require(
          !each.getValue().matches(".*(localhost|127\\.0\\.0\\.1).*"),
          workload.id(),
          each.getKey() + " leads back into the pod: " + each.getValue(),
          "the name of a Service");
    }
  }

  /** What the gateway asks is a Service of the tree, at a port that it has. */
  private static void requireServicesBehind(Workload workload, Manifests manifests, Faults faults) {
    if (workload.service() != Service.AGENT_GATEWAY) {
      return;
    }
    List<String> addresses = new ArrayList<>();
    for (var service : manifests.all(io.fabric8.kubernetes.api.model.Service.class)) {
      service
          .getSpec()
          .getPorts()
          .forEach(port -> addresses.add(service.getMetadata().getName() + ":" + port.getPort()));
    }
    BEHIND.forEach(
        (property, service) -> {
          String url = workload.settings().value(property).orElse("");
          String is = url.replaceFirst("^http://", "").replaceFirst("/$", "");
          faults.require(
              addresses.contains(is) && is.startsWith(service.label() + ":"),
              workload.id(),
              KnownVariables.variable(property) + " leads to " + is,
              "the Service " + service.label() + ", of " + addresses);
        });
  }

  /** Two gateways of one name would read each other's replies away. */
  private static void requireOneReplicaOneName(Workload workload, Faults faults) {
    String variable = KnownVariables.variable("countersign.instance-id");
    if (workload.service() == Service.AGENT_GATEWAY) {
      faults.require(
          workload.container().getEnv().stream()
              .filter(each -> each.getName().equals(variable))
              .allMatch(
                  each ->
                      each.getValueFrom() != null
                          && each.getValueFrom().getFieldRef() != null
                          && List.of("metadata.name", "metadata.uid")
                              .contains(each.getValueFrom().getFieldRef().getFieldPath())),
          workload.id(),
          variable + " is the same for every replica",
          "fieldRef metadata.name, or leave it out");
    }
  }
}

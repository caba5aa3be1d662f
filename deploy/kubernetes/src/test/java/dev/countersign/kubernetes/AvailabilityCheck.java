package dev.countersign.kubernetes;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Updates and evictions leave a replica that works, and one that ends has time for it. */
final class AvailabilityCheck implements Check {
  private static final List<String> SPREAD =
      List.of("topology.kubernetes.io/zone", "kubernetes.io/hostname");

  /** Of a channel whose configuration says nothing, in milliseconds. */
  private static final String POLL = "1000";

  @Override
  public void run(Manifests manifests, Faults faults) {
    for (Workload workload : Workload.all(manifests)) {
      LabelSelector selector = workload.deployment().getSpec().getSelector();
      faults.require(
          Selectors.matches(selector, workload.labels()),
          workload.id(),
          "its selector does not match its pods",
          "labels out of " + workload.labels());
      requireStrategy(workload, faults);
      requireSpread(workload, faults);
      requireBudget(workload, manifests, faults);
      requireTimeToEnd(workload, faults);
      requireResources(workload, faults);
    }
    for (PodDisruptionBudget budget : manifests.all(PodDisruptionBudget.class)) {
      List<String> selected =
          Workload.all(manifests).stream()
              .filter(each -> Selectors.matches(budget.getSpec().getSelector(), each.labels()))
              .map(Workload::id)
              .toList();
      faults.require(
          selected.size() == 1,
          Manifests.id(budget),
          "it selects pods of " + selected,
          "those of one Deployment");
    }
  }

  private static void requireStrategy(Workload workload, Faults faults) {
    Optional<RollingUpdateDeployment> update =
        Optional.ofNullable(workload.deployment().getSpec().getStrategy())
            .map(DeploymentStrategy::getRollingUpdate);
    Optional<Integer> unavailable =
        update.map(each -> each.getMaxUnavailable()).map(IntOrString::getIntVal);
    faults.require(
        unavailable.isPresent() && unavailable.get() == 0,
        workload.id(),
        "an update may take away a replica before the next is ready",
        "strategy.rollingUpdate.maxUnavailable 0");
    Optional<Integer> surge = update.map(each -> each.getMaxSurge()).map(IntOrString::getIntVal);
    faults.require(
        surge.isPresent() && surge.get() >= 1,
        workload.id(),
        "strategy.rollingUpdate.maxSurge is " + surge.orElse(null),
        "at least 1, as a number: an update starts the next replica first");
  }

  private static void requireSpread(Workload workload, Faults faults) {
    for (String key : SPREAD) {
      boolean spread =
          workload.pod().getTopologySpreadConstraints().stream()
              .anyMatch(
                  each ->
                      each.getTopologyKey().equals(key)
                          && Selectors.matches(each.getLabelSelector(), workload.labels()));
      faults.require(
          spread,
          workload.id(),
          "its replicas are not spread by " + key,
          "a topologySpreadConstraint that selects its own pods");
    }
  }

  private static void requireBudget(Workload workload, Manifests manifests, Faults faults) {
    List<PodDisruptionBudget> budgets =
        manifests.all(PodDisruptionBudget.class).stream()
            .filter(each -> Selectors.matches(each.getSpec().getSelector(), workload.labels()))
            .toList();
    faults.require(
        budgets.size() == 1,
        workload.id(),
        budgets.size() + " PodDisruptionBudgets select its pods",
        "exactly one");
    for (PodDisruptionBudget budget : budgets) {
      IntOrString unavailable = budget.getSpec().getMaxUnavailable();
      faults.require(
          unavailable != null && Objects.equals(unavailable.getIntVal(), 1),
          Manifests.id(budget),
          "it does not say that one pod at a time may be evicted",
          "maxUnavailable 1, which also lets a node with the only replica be drained");
    }
  }

  private static void requireTimeToEnd(Workload workload, Faults faults) {
    Optional<Long> sleep =
        Optional.ofNullable(workload.container().getLifecycle())
            .map(lifecycle -> lifecycle.getPreStop())
            .map(preStop -> preStop.getSleep())
            .map(action -> action.getSeconds());
    faults.require(
        sleep.isPresent() && sleep.get() >= 5,
        workload.id(),
        "it stops listening while others still send to it",
        "lifecycle.preStop.sleep of at least 5 s");
    Duration timeout =
        workload.settings().duration("quarkus.shutdown.timeout").orElse(Duration.ZERO);
    faults.require(
        !timeout.isZero(),
        workload.id(),
        "it does not wait for open requests when it ends",
        "QUARKUS_SHUTDOWN_TIMEOUT");
    long needed = sleep.orElse(0L) + timeout.toSeconds() + channels(workload).toSeconds();
    Long given = workload.pod().getTerminationGracePeriodSeconds();
    faults.require(
        given != null && given > needed,
        workload.id(),
        "terminationGracePeriodSeconds is " + given,
        "more than %d: its preStop, its shutdown timeout and its channels".formatted(needed));
  }

  /** A graceful stop takes twice the poll timeout for each channel that reads. */
  private static Duration channels(Workload workload) {
    long each =
        Long.parseLong(
            workload
                .settings()
                .value("mp.messaging.connector.smallrye-kafka.poll-timeout")
                .orElse(POLL));
    return Duration.ofMillis(2 * each * Channel.incoming(workload.service()).size());
  }

  private static void requireResources(Workload workload, Faults faults) {
    ResourceRequirements resources = workload.container().getResources();
    Map<String, Quantity> requests = resources == null ? Map.of() : resources.getRequests();
    Map<String, Quantity> limits = resources == null ? Map.of() : resources.getLimits();
    faults.require(
        requests.containsKey("cpu") && requests.containsKey("memory"),
        workload.id(),
        "it requests " + requests,
        "cpu and memory");
    // The service takes parts of its heap as limits, so its memory must be its own.
    faults.require(
        limits.containsKey("memory") && limits.get("memory").equals(requests.get("memory")),
        workload.id(),
        "its limit of memory is " + limits.get("memory"),
        "its request: " + requests.get("memory"));
  }
}

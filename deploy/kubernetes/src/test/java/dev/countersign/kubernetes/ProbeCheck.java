package dev.countersign.kubernetes;

import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.Optional;

/** Every probe asks an address that the service has, on its port, and is patient enough. */
final class ProbeCheck implements Check {
  /** A start waits this long for Postgres alone, see {@code quarkus.flyway.connect-retries}. */
  private static final Duration START = Duration.ofMinutes(2);

  /** A garbage collection, a disk or a node that is slow may take as long. */
  private static final Duration PAUSE = Duration.ofSeconds(30);

  @Override
  public void run(Manifests manifests, Faults faults) {
    for (Workload workload : Workload.all(manifests)) {
      String root =
          path(workload, "quarkus.http.root-path", "/")
              + path(workload, "quarkus.http.non-application-root-path", "q")
              + "/"
              + path(workload, "quarkus.smallrye-health.root-path", "health")
              + "/";
      require(workload, "startup", workload.container().getStartupProbe(), root, "started", faults);
      require(
          workload, "readiness", workload.container().getReadinessProbe(), root, "ready", faults);
      require(workload, "liveness", workload.container().getLivenessProbe(), root, "live", faults);
      requireTimeToStart(workload, faults);
      requirePatience(workload, faults);
    }
  }

  private static String path(Workload workload, String property, String quarkus) {
    return workload.settings().value(property).orElse(quarkus);
  }

  private static void require(
      Workload workload, String kind, Probe probe, String root, String last, Faults faults) {
    HTTPGetAction get = probe == null ? null : probe.getHttpGet();
    if (get == null) {
      faults.add(workload.id(), "it has no " + kind + " probe over HTTP", root + last);
      return;
    }
    String right = root + path(workload, "quarkus.smallrye-health." + kind + "-path", last);
    faults.requireEqual(workload.id(), "the path of its " + kind + " probe", right, get.getPath());
    faults.requireEqual(
        workload.id(),
        "the port of its " + kind + " probe",
        workload.settings().value("quarkus.http.port").map(Integer::valueOf).orElse(null),
        workload.number(get.getPort()));
    faults.require(
        get.getScheme() == null || get.getScheme().equals("HTTP"),
        workload.id(),
        "its " + kind + " probe speaks " + get.getScheme(),
        "HTTP");
  }

  private static void requireTimeToStart(Workload workload, Faults faults) {
    Probe probe = workload.container().getStartupProbe();
    if (probe == null) {
      return;
    }
    long limit = limit(probe).toSeconds();
    faults.require(
        limit >= START.toSeconds(),
        workload.id(),
        "its startup probe gives up after " + limit + " s",
        "at least "
            + START.toSeconds()
            + " s: Postgres may come up later, and migrations take time");
    int progress =
        Optional.ofNullable(workload.deployment().getSpec().getProgressDeadlineSeconds())
            .orElse(600);
    faults.require(
        progress > limit,
        workload.id(),
        "progressDeadlineSeconds is " + progress,
        "more than " + limit + ": a start that may still succeed has not failed");
  }

  private static void requirePatience(Workload workload, Faults faults) {
    Probe probe = workload.container().getLivenessProbe();
    if (probe == null) {
      return;
    }
    long limit = limit(probe).toSeconds();
    faults.require(
        limit >= PAUSE.toSeconds(),
        workload.id(),
        "its liveness probe kills it after " + limit + " s",
        "at least " + PAUSE.toSeconds() + " s: a pause is no death");
  }

  /** For how long it may fail. */
  private static Duration limit(Probe probe) {
    long period = Optional.ofNullable(probe.getPeriodSeconds()).orElse(10);
    return Duration.ofSeconds(period * Optional.ofNullable(probe.getFailureThreshold()).orElse(3));
  }
}

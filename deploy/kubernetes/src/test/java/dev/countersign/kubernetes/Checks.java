package dev.countersign.kubernetes;

import java.util.LinkedHashMap;
import java.util.Map;

/** All checks, by what they are about. */
final class Checks {
  private static final Map<String, Check> OF_ALL = new LinkedHashMap<>();

  static {
    OF_ALL.put("objects", new ObjectCheck());
    OF_ALL.put("topics", new TopicCheck());
    OF_ALL.put("users of Kafka", new KafkaUserCheck());
    OF_ALL.put("brokers", new KafkaClusterCheck());
    OF_ALL.put("logins to Kafka", new KafkaLoginCheck());
    OF_ALL.put("databases", new DatabaseCheck());
    OF_ALL.put("database roles", new DatabaseRoleCheck());
    OF_ALL.put("ports", new PortCheck());
    OF_ALL.put("probes", new ProbeCheck());
    OF_ALL.put("environment", new EnvironmentCheck());
    OF_ALL.put("secrets and config maps", new ReferenceCheck());
    OF_ALL.put("mounts", new MountCheck());
    OF_ALL.put("pod security", new PodSecurityCheck());
    OF_ALL.put("pod security of Kafka", new KafkaPodSecurityCheck());
    OF_ALL.put("availability", new AvailabilityCheck());
    OF_ALL.put("images", new ImageCheck());
    OF_ALL.put("network", new NetworkCheck());
    OF_ALL.put("route", new RouteCheck());
    OF_ALL.put("scaling", new ScalingCheck());
    OF_ALL.put("login of the scaler", new ScalerLoginCheck());
    OF_ALL.put("metrics", new MetricsCheck());
  }

  private Checks() {}

  /** Those of an overlay. */
  static Map<String, Check> of(String overlay) {
    Map<String, Check> checks = new LinkedHashMap<>(OF_ALL);
    if (overlay.equals(Overlays.PRODUCTION)) {
      checks.put("production", new ProductionCheck());
    }
    return checks;
  }
}

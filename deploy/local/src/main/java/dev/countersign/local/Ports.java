package dev.countersign.local;

import dev.countersign.embedded.FreePorts;
import java.util.LinkedHashMap;
import java.util.Map;

/** Nine ports in a row. */
public record Ports(int gateway) {
  static final int COUNT = 9;

  /** Nine ports in a row that are free now. */
  public static Ports free() {
    while (true) {
      Ports ports = new Ports(FreePorts.next());
      if (ports.byUse().values().stream().allMatch(FreePorts::isFree)) {
        return ports;
      }
    }
  }

  public int approval() {
    return gateway + 1;
  }

  public int store() {
    return gateway + 2;
  }

  public int kafka() {
    return gateway + 3;
  }

  public int kafkaController() {
    return gateway + 4;
  }

  public int postgres() {
    return gateway + 5;
  }

  /** Where a service shows its metrics. */
  public int metrics(ServiceName service) {
    return switch (service) {
      case GATEWAY -> gateway + 6;
      case APPROVAL -> gateway + 7;
      case STORE -> gateway + 8;
    };
  }

  /** Where a service serves HTTP. */
  int http(ServiceName service) {
    return switch (service) {
      case GATEWAY -> gateway();
      case APPROVAL -> approval();
      case STORE -> store();
    };
  }

  /** Fails, naming it, if one of them is taken. */
  void requireFree() {
    byUse()
        .forEach(
            (use, port) -> {
              if (!FreePorts.isFree(port)) {
                throw new LaunchException(
                    "port %d (%s) is taken; free it, or choose nine others in a row with --port N"
                        .formatted(port, use));
              }
            });
  }

  private Map<String, Integer> byUse() {
    Map<String, Integer> uses = new LinkedHashMap<>();
    uses.put("gateway", gateway());
    uses.put("approval service", approval());
    uses.put("permission store", store());
    uses.put("Kafka", kafka());
    uses.put("Kafka's controller", kafkaController());
    uses.put("Postgres", postgres());
    for (ServiceName service : ServiceName.values()) {
      uses.put("metrics of the " + service.label(), metrics(service));
    }
    return uses;
  }
}

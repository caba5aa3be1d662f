package dev.countersign.local;

import dev.countersign.embedded.FreePorts;
import java.util.LinkedHashMap;
import java.util.Map;

/** Six ports in a row. */
public record Ports(int gateway) {
  static final int COUNT = 6;

  /** Six ports in a row that are free now. */
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

  /** Fails, naming it, if one of them is taken. */
  void requireFree() {
    byUse()
        .forEach(
            (use, port) -> {
              if (!FreePorts.isFree(port)) {
                throw new LaunchException(
                    "port %d (%s) is taken; free it, or choose six others in a row with --port N"
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
    return uses;
  }
}

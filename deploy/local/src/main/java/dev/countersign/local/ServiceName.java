package dev.countersign.local;

/** The three services, in the order in which they are started. */
public enum ServiceName {
  STORE("permission-store", "permission-store", 256),
  APPROVAL("approval-service", "approval-service/service", 512),
  GATEWAY("agent-gateway", "agent-gateway", 320);

  private final String label;
  private final String module;
  private final int heapMegabytes;

  ServiceName(String label, String module, int heapMegabytes) {
    this.label = label;
    this.module = module;
    this.heapMegabytes = heapMegabytes;
  }

  /** What people call it. */
  public String label() {
    return label;
  }

  String module() {
    return module;
  }

  int heapMegabytes() {
    return heapMegabytes;
  }
}

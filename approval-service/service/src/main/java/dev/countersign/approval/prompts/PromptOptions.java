package dev.countersign.approval.prompts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.approval.policies.SessionPolicy;
import dev.countersign.policy.Authority;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.Decision;
import dev.countersign.policy.Grant;
import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.ToolCall;
import dev.countersign.policy.Verdict;
import dev.countersign.policy.tools.OwnTools;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptOption.Kind;
import dev.countersign.protocol.PromptOption.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * What a person can choose. Beyond "once", an option is offered only if it prevents the next
 * identical prompt. Options that store nothing have plain ids, such as {@code allow_once}; one that
 * stores something has an id made from it, such as {@code allow_always:} and a digest.
 */
public final class PromptOptions {
  public static final String ALLOW_ONCE = "allow_once";
  public static final String REJECT_ONCE = "reject_once";
  public static final String ALLOW_TURN = "allow_turn";
  public static final String ALLOW_SESSION = "allow_session";
  private static final int MAX_LABEL = 1000;

  /** Between the kind of an option and the digest of what it stores. */
  private static final String STORES = ":";

  /** 128 bits: nobody finds two contents with one id. */
  private static final int ID_DIGITS = 32;

  private PromptOptions() {}

  /**
   * The options for a call that wants a person.
   *
   * @param turnId null if the request names no turn
   */
  public static List<PromptOption> of(
      SessionPolicy policy,
      ToolCall call,
      PermissionMode claimedMode,
      Decision decision,
      String turnId) {
    return PlanOptions.of(policy, call, claimedMode)
        .orElseGet(
            () ->
                of(
                    policy.policy(),
                    call,
                    claimedMode,
                    policy.grantsIn(turnId),
                    decision,
                    turnId != null));
  }

  private static List<PromptOption> of(
      CompiledPolicy policy,
      ToolCall call,
      PermissionMode claimedMode,
      List<Grant> grants,
      Decision decision,
      boolean inTurn) {
    List<PromptOption> options = new ArrayList<>();
    boolean edit = call.tool().equals(OwnTools.EDIT_PERMISSIONS);
    options.add(once(ALLOW_ONCE, Kind.ALLOW_ONCE, edit ? "Save this edit" : "Allow once"));
    if (grantHelps(policy, call, claimedMode, grants)) {
      if (inTurn) {
        options.add(
            new PromptOption(
                ALLOW_TURN,
                Kind.ALLOW_ONCE,
                "Allow this exact call for the rest of this turn, at most a day",
                Scope.TURN,
                null,
                null));
      }
      options.add(
          new PromptOption(
              ALLOW_SESSION,
              Kind.ALLOW_ONCE,
              "Allow this exact call for the rest of this session, at most 30 days",
              Scope.SESSION,
              null,
              null));
    }
    settled(options, decision, OverrideLevel.ALWAYS, Kind.ALLOW_ALWAYS, "allow_always");
    options.add(once(REJECT_ONCE, Kind.REJECT_ONCE, "Reject once"));
    settled(options, decision, OverrideLevel.NEVER, Kind.REJECT_ALWAYS, "reject_always");
    return options;
  }

  private static PromptOption once(String id, Kind kind, String label) {
    return new PromptOption(id, kind, label, Scope.ONCE, null, null);
  }

  private static boolean grantHelps(
      CompiledPolicy policy, ToolCall call, PermissionMode claimedMode, List<Grant> grants) {
    List<Grant> more = new ArrayList<>(grants);
    boolean inPlan = policy.effective(claimedMode).mode() == PermissionMode.PLAN;
    more.add(new Grant("offered", "now", call.digest(), call.tool(), null, inPlan));
    return Authority.decide(policy, call, claimedMode, more).verdict() instanceof Verdict.Allow;
  }

  private static void settled(
      List<PromptOption> options, Decision decision, OverrideLevel level, Kind kind, String id) {
    for (Decision.Offer offer : decision.offers()) {
      if (offer.level() == level) {
        options.add(
            new PromptOption(
                idOf(id, offer),
                kind,
                cut(offer.label()),
                Scope.ALWAYS,
                offer.tool(),
                offer.resource()));
      }
    }
  }

  private static String idOf(String kind, Decision.Offer offer) {
    ObjectNode stored = JsonNodeFactory.instance.objectNode();
    stored.put("level", offer.level().name());
    stored.put("tool", offer.tool());
    stored.put("resource", offer.resource());
    return idOf(kind, stored);
  }

  /**
   * The id of an option that stores or switches something says what: whoever answers with it gets
   * exactly what they saw, or a refusal.
   */
  static String idOf(String kind, ObjectNode content) {
    return kind + STORES + Digest.of(Json.write(content)).substring(0, ID_DIGITS);
  }

  /** Whether an option's id names content, so that it is gone when other content is offered. */
  public static boolean namesContent(String optionId) {
    return optionId.contains(STORES);
  }

  static String cut(String label) {
    return label.length() <= MAX_LABEL ? label : label.substring(0, MAX_LABEL - 1) + "…";
  }
}

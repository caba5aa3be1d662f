package dev.countersign.policy;

import dev.countersign.policy.JsonFields.BadCase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A dry run of the order of decision: one case as JSON values in, its result as JSON values out.
 */
public final class Evaluation {
  private Evaluation() {}

  /**
   * Evaluates one case. Never throws: a case that cannot be read gives {@code id} and {@code error}
   * with the field at fault.
   */
  public static Map<String, Object> evaluate(Map<String, Object> json) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("id", json.get("id"));
    try {
      decide(new CaseReader(json), result);
    } catch (BadCase e) {
      result.put("error", error(e.field(), e.getMessage()));
    } catch (InvalidRulesException e) {
      InvalidRulesException.Problem first = e.problems().get(0);
      Map<String, Object> error =
          error(
              "rules",
              first.reason() + " (at " + first.position() + " of \"" + first.text() + "\")");
      error.put("problems", e.problems().stream().map(Evaluation::problem).toList());
      result.put("error", error);
    }
    return result;
  }

  private static Map<String, Object> error(String field, String detail) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("field", field);
    error.put("detail", detail);
    return error;
  }

  private static Map<String, Object> problem(InvalidRulesException.Problem problem) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("text", problem.text());
    shown.put("position", problem.position());
    shown.put("reason", problem.reason());
    return shown;
  }

  private static void decide(CaseReader reader, Map<String, Object> result)
      throws InvalidRulesException {
    List<String> warnings = new ArrayList<>();
    PolicySource source = reader.source();
    ToolCall call = reader.call();
    PermissionMode claimed = reader.claimedMode();
    List<Grant> grants = reader.grants();
    reader.refuseUnknown();
    Decision decision = Authority.decide(compile(source, warnings), call, claimed, grants);
    Verdict verdict = decision.verdict();
    result.put("effect", effect(verdict));
    result.put("decidedBy", verdict.by().word());
    if (verdict.rule() != null) {
      result.put("rule", verdict.rule());
    }
    result.put("reason", verdict.reason());
    result.put("execution", decision.execution());
    result.put("trace", decision.trace());
    if (!decision.offers().isEmpty()) {
      result.put("offers", decision.offers().stream().map(Evaluation::offer).toList());
    }
    if (decision.unproven()) {
      result.put("unproven", true);
    }
    if (!warnings.isEmpty()) {
      result.put("warnings", warnings);
    }
  }

  /**
   * An over-broad allow or override is left out and named, so that the other rules can still be
   * tried.
   */
  private static CompiledPolicy compile(PolicySource source, List<String> warnings)
      throws InvalidRulesException {
    try {
      CompiledPolicy policy = CompiledPolicy.compile(source);
      warnings.addAll(policy.warnings());
      return policy;
    } catch (InvalidRulesException e) {
      List<String> broad =
          e.problems().stream()
              .filter(InvalidRulesException.Problem::overBroad)
              .map(InvalidRulesException.Problem::text)
              .toList();
      if (broad.size() < e.problems().size()) {
        throw e;
      }
      e.problems().forEach(p -> warnings.add(p.text() + " was left out: " + p.reason()));
      PolicySource rest =
          new PolicySource(
              source.permissions(),
              source.rules().stream()
                  .filter(r -> r.effect() != RuleEffect.ALLOW || !broad.contains(r.text()))
                  .toList(),
              source.overrides().stream()
                  .filter(
                      o -> o.level() != OverrideLevel.ALWAYS || !broad.contains(Overrides.shown(o)))
                  .toList(),
              source.ancestors(),
              source.shippedRules(),
              source.customProfiles());
      CompiledPolicy policy = CompiledPolicy.compile(rest);
      warnings.addAll(policy.warnings());
      return policy;
    }
  }

  private static String effect(Verdict verdict) {
    if (verdict instanceof Verdict.Allow) {
      return RuleEffect.ALLOW.word();
    }
    return verdict instanceof Verdict.Ask ? RuleEffect.ASK.word() : RuleEffect.DENY.word();
  }

  private static Map<String, Object> offer(Decision.Offer offer) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("level", offer.level().word());
    shown.put("tool", offer.tool());
    shown.put("resource", offer.resource());
    shown.put("label", offer.label());
    return shown;
  }
}

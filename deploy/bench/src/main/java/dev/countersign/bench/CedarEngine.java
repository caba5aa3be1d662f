package dev.countersign.bench;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.AuthorizationResponse;
import com.cedarpolicy.model.AuthorizationSuccessResponse;
import com.cedarpolicy.model.AuthorizationSuccessResponse.Decision;
import com.cedarpolicy.model.entity.Entities;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.policy.Policy;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;
import dev.countersign.bench.BenchCall.CedarQuestion;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Cedar through its Java binding, with the policies parsed once and kept on the native side. */
final class CedarEngine {
  private final BasicAuthorizationEngine engine = new BasicAuthorizationEngine();
  private final Entities entities = new Entities();
  private final PolicySet policies;

  CedarEngine(List<BenchRule> rules) {
    Set<Policy> set = new LinkedHashSet<>();
    for (BenchRule rule : rules) {
      set.add(new Policy(rule.cedar(), rule.effect().word() + "-" + set.size()));
    }
    policies = new PolicySet(set);
    try {
      policies.cache();
    } catch (CacheException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The requests of a call, made beforehand. */
  static List<AuthorizationRequest> requests(BenchCall call) {
    return call.cedar().stream().map(CedarEngine::request).toList();
  }

  private static AuthorizationRequest request(CedarQuestion question) {
    Map<String, Value> context = new HashMap<>();
    question.context().forEach((name, value) -> context.put(name, new PrimString(value)));
    return new AuthorizationRequest(
        uid("User::\"u\""),
        uid("Action::\"" + question.action() + "\""),
        uid("Workspace::\"proj\""),
        context);
  }

  private static EntityUID uid(String text) {
    return EntityUID.parse(text).orElseThrow();
  }

  /** The strictest effect of all requests. */
  String effect(List<AuthorizationRequest> requests) {
    String strictest = "allow";
    for (AuthorizationRequest request : requests) {
      String effect = effect(request);
      if (effect.equals("deny")) {
        return effect;
      }
      strictest = effect.equals("ask") ? effect : strictest;
    }
    return strictest;
  }

  private String effect(AuthorizationRequest request) {
    AuthorizationResponse response;
    try {
      response = engine.isAuthorized(request, policies, entities);
    } catch (AuthException e) {
      throw new IllegalStateException(e);
    }
    AuthorizationSuccessResponse success =
        response.success.orElseThrow(() -> new IllegalStateException(response.toString()));
    Set<String> reasons = success.getReason();
    if (success.getDecision() == Decision.Deny) {
      return reasons.isEmpty() ? "ask" : "deny";
    }
    return reasons.stream().anyMatch(id -> id.startsWith("ask-")) ? "ask" : "allow";
  }
}

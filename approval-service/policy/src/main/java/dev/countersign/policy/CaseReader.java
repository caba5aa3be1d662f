package dev.countersign.policy;

import static dev.countersign.policy.JsonFields.flag;
import static dev.countersign.policy.JsonFields.list;
import static dev.countersign.policy.JsonFields.object;
import static dev.countersign.policy.JsonFields.string;
import static dev.countersign.policy.JsonFields.text;
import static dev.countersign.policy.JsonFields.word;

import dev.countersign.policy.JsonFields.BadCase;
import dev.countersign.policy.Profile.Base;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a case of a dry run from JSON values, and says precisely what is wrong with it. */
final class CaseReader {
  private static final Map<String, List<String>> NETWORK =
      Map.of("none", List.of(), "any", List.of("*"));

  private static final Map<String, List<String>> EXECUTION =
      Map.of("read_only", List.of(), "any", List.of("*"));

  private final Map<String, Object> json;
  private final List<KnownKeys> objects = new ArrayList<>();

  CaseReader(Map<String, Object> json) {
    this.json = known(json, "");
    this.json.get("id");
  }

  private KnownKeys known(Map<String, Object> object, String at) {
    KnownKeys known = new KnownKeys(object, at);
    objects.add(known);
    return known;
  }

  /**
   * Refuses keys that mean nothing; to be called when everything was read.
   *
   * @throws BadCase naming the key and what is known
   */
  void refuseUnknown() {
    objects.forEach(KnownKeys::refuseOthers);
  }

  PolicySource source() {
    List<Ancestor> ancestors = new ArrayList<>();
    List<Object> above = list(json, "ancestors", "ancestors");
    for (int i = 0; i < above.size(); i++) {
      String at = "ancestors[" + i + "]";
      Map<String, Object> one = known(object(above.get(i), at), at + ".");
      ancestors.add(new Ancestor(permissions(one, at + "."), rules(one, at + ".rules")));
    }
    return new PolicySource(
        permissions(json, ""),
        rules(json, "rules"),
        overrides(),
        ancestors,
        flag(json, "shippedRules", true),
        profiles());
  }

  PermissionMode claimedMode() {
    return word(json, "claimedMode", "", PermissionMode::of, PermissionMode::words);
  }

  List<Grant> grants() {
    List<Grant> grants = new ArrayList<>();
    List<Object> given = list(json, "grants", "grants");
    for (int i = 0; i < given.size(); i++) {
      String at = "grants[" + i + "]";
      Map<String, Object> one = known(object(given.get(i), at), at + ".");
      String tool = text(one, "tool", at + ".");
      String digest = text(one, "digest", at + ".");
      if (tool == null && digest == null) {
        throw new BadCase(at + ".tool", "a grant needs a tool or a digest");
      }
      String id = text(one, "id", at + ".");
      String when = text(one, "givenAt", at + ".");
      grants.add(
          new Grant(
              id == null ? at : id,
              when == null ? "an earlier time" : when,
              digest,
              tool,
              text(one, "resource", at + "."),
              flag(one, "inPlan", false)));
    }
    return grants;
  }

  ToolCall call() {
    if (json.get("toolCall") == null) {
      throw new BadCase("toolCall", "a case needs a toolCall");
    }
    Map<String, Object> call = known(object(json.get("toolCall"), "toolCall"), "toolCall.");
    String tool = text(call, "tool", "toolCall.");
    if (tool == null || tool.isBlank()) {
      throw new BadCase("toolCall.tool", "a tool call needs the name of its tool");
    }
    Object input = call.get("input");
    Map<String, String> resolved = new LinkedHashMap<>();
    if (call.get("resolvedPaths") != null) {
      Map<String, Object> links = object(call.get("resolvedPaths"), "toolCall.resolvedPaths");
      links.forEach((from, to) -> resolved.put(from, string(to, "toolCall.resolvedPaths." + from)));
    }
    return new ToolCall(
        tool,
        input == null ? Map.of() : object(input, "toolCall.input"),
        text(call, "cwd", "toolCall."),
        text(call, "home", "toolCall."),
        resolved,
        text(call, "digest", "toolCall."),
        text(json, "agentAsks", ""));
  }

  private Permissions permissions(Map<String, Object> from, String at) {
    PermissionMode mode = word(from, "mode", at, PermissionMode::of, PermissionMode::words);
    String profile = text(from, "profile", at);
    if (profile != null && !Profile.isOne(profile)) {
      throw new BadCase(at + "profile", "one of " + Profile.words());
    }
    List<Object> roots = list(from, "workspaceRoots", at + "workspaceRoots");
    return new Permissions(
        mode == null ? PermissionMode.DEFAULT : mode,
        profile,
        word(from, "approvalPolicy", at, ApprovalPolicy::of, ApprovalPolicy::words),
        word(from, "executionPolicy", at, ExecutionPolicy::of, ExecutionPolicy::words),
        flag(from, "headless", false),
        roots.stream().map(r -> string(r, at + "workspaceRoots")).toList(),
        text(from, "planFile", at));
  }

  private static List<Rule> rules(Map<String, Object> from, String at) {
    List<Rule> rules = new ArrayList<>();
    if (from.get("rules") == null) {
      return rules;
    }
    for (Map.Entry<String, Object> entry : object(from.get("rules"), at).entrySet()) {
      String field = at + "." + entry.getKey();
      Optional<RuleScope> scope = RuleScope.of(entry.getKey());
      if (scope.isEmpty()) {
        add(rules, RuleScope.PROJECT, entry.getKey(), entry.getValue(), field);
        continue;
      }
      object(entry.getValue(), field)
          .forEach((effect, texts) -> add(rules, scope.get(), effect, texts, field + "." + effect));
    }
    return rules;
  }

  private static void add(
      List<Rule> rules, RuleScope scope, String word, Object texts, String field) {
    RuleEffect effect =
        RuleEffect.of(word)
            .orElseThrow(
                () ->
                    new BadCase(
                        field,
                        "one of " + RuleEffect.words() + ", or a scope: " + RuleScope.words()));
    if (texts == null) {
      return;
    }
    if (!(texts instanceof List<?> list)) {
      throw new BadCase(field, "a list of rules");
    }
    list.forEach(text -> rules.add(new Rule(scope, effect, string(text, field))));
  }

  private List<UserOverride> overrides() {
    List<UserOverride> overrides = new ArrayList<>();
    List<Object> given = list(json, "overrides", "overrides");
    for (int i = 0; i < given.size(); i++) {
      String at = "overrides[" + i + "].";
      Map<String, Object> one = known(object(given.get(i), "overrides[" + i + "]"), at);
      String tool = text(one, "tool", at);
      OverrideLevel level = word(one, "level", at, OverrideLevel::of, OverrideLevel::words);
      if (tool == null) {
        throw new BadCase(at + "tool", "an override needs a tool");
      }
      if (level == null) {
        throw new BadCase(at + "level", "one of " + OverrideLevel.words());
      }
      overrides.add(new UserOverride(tool, text(one, "resource", at), level));
    }
    return overrides;
  }

  private Map<String, Profile> profiles() {
    Map<String, Profile> profiles = new LinkedHashMap<>();
    if (json.get("profiles") == null) {
      return profiles;
    }
    object(json.get("profiles"), "profiles")
        .forEach(
            (name, value) -> {
              String at = "profiles." + name;
              Map<String, Object> one = known(object(value, at), at + ".");
              String base = text(one, "base", at + ".");
              if (Base.of(base).isEmpty()) {
                throw new BadCase(at + ".base", "one of the four base profiles");
              }
              profiles.put(
                  "custom(" + name + ")",
                  new Profile(
                      Base.of(base).get(),
                      texts(one, "writableRoots", Map.of(), at),
                      texts(one, "network", NETWORK, at),
                      one.containsKey("commands")
                          ? texts(one, "commands", Map.of(), at)
                          : texts(one, "execution", EXECUTION, at)));
            });
    return profiles;
  }

  private static List<String> texts(
      Map<String, Object> from, String key, Map<String, List<String>> words, String at) {
    if (from.get(key) instanceof String word && words.containsKey(word)) {
      return words.get(word);
    }
    return from.get(key) == null
        ? null
        : list(from, key, at + "." + key).stream().map(v -> string(v, at + "." + key)).toList();
  }
}

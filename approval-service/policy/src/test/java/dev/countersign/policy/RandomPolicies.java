package dev.countersign.policy;

import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.policy.tools.ToolEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One policy of many kinds of settings, at random. */
final class RandomPolicies {
  private static final List<String> SPECIFIC =
      List.of(
          "Bash(npm *)",
          "Bash(ls)",
          "Bash(*)",
          "Read(/src/**)",
          "Read(//etc/**)",
          "Edit(/plan.md)",
          "Edit(//**)",
          "Edit(.env)",
          "Delete(/src/**)",
          "WebFetch(domain:a.com)",
          "mcp__s",
          "mcp__s__*",
          "mcp__s__always(q:abc)",
          "Agent(Explore)",
          "Task(Explore)",
          "Skill(abc)",
          "TodoWrite(q:a*)");
  private static final List<String> RESOURCES =
      List.of("npm *", "ls", "/proj/a.txt", "/proj/src/*", "a.com", "Explore", "abc");

  private final Random random;
  private final ToolCatalogue tools;
  private final List<String> names;
  private final PolicySource source;
  private final List<Grant> grants;
  private final CompiledPolicy policy;

  RandomPolicies(Random random, ToolCatalogue tools) {
    this.random = random;
    this.tools = tools;
    this.names = tools.all().stream().map(ToolEntry::name).toList();
    List<Ancestor> above =
        random.nextInt(4) == 0 ? List.of(new Ancestor(permissions(), rules(2))) : List.of();
    Map<String, Profile> profiles =
        Map.of(
            "custom(x)",
            new Profile(Profile.Base.WORKSPACE, List.of("/proj/src"), null, List.of("npm")),
            "custom(y)",
            new Profile(Profile.Base.FULL_ACCESS, null, List.of("a.com"), null),
            "custom(w)",
            new Profile(Profile.Base.EXTERNAL_SANDBOX, null, List.of("a.com"), null));
    this.source =
        new PolicySource(
            permissions(), rules(8), overrides(), above, random.nextBoolean(), profiles);
    this.grants = random.nextInt(4) == 0 ? List.of(grant()) : List.of();
    this.policy = compiled();
  }

  CompiledPolicy policy() {
    return policy;
  }

  List<Grant> grants() {
    return grants;
  }

  @Override
  public String toString() {
    return source + " " + grants;
  }

  private CompiledPolicy compiled() {
    try {
      return CompiledPolicy.compile(source, tools);
    } catch (InvalidRulesException e) {
      throw new AssertionError(e.problems().toString(), e);
    }
  }

  private Permissions permissions() {
    return new Permissions(
        pick(List.of(PermissionMode.values())),
        pick(
            List.of(
                "",
                "",
                "read_only",
                "workspace",
                "external_sandbox",
                "full_access",
                "custom(x)",
                "custom(y)",
                "custom(z)",
                "custom(w)")),
        random.nextInt(3) == 0 ? pick(List.of(ApprovalPolicy.values())) : null,
        random.nextInt(3) == 0 ? pick(List.of(ExecutionPolicy.values())) : null,
        random.nextInt(4) == 0,
        List.of("/proj"),
        random.nextInt(3) == 0 ? "/proj/plan.md" : null);
  }

  private List<Rule> rules(int most) {
    List<Rule> rules = new ArrayList<>();
    int count = random.nextInt(most + 1);
    while (rules.size() < count) {
      RuleEffect effect = pick(List.of(RuleEffect.values()));
      RuleScope scope = pick(List.of(RuleScope.values()));
      String text = random.nextInt(3) == 0 ? pick(SPECIFIC) : name();
      boolean firm = effect == RuleEffect.ASK && random.nextInt(4) == 0;
      boolean diagnostic = effect == RuleEffect.ALLOW && random.nextInt(4) == 0;
      String mark = firm ? " nonBypassable" : diagnostic ? " diagnostic" : "";
      rules.add(new Rule(scope, effect, text + mark));
    }
    return rules;
  }

  private String name() {
    return random.nextInt(6) == 0 ? pick(List.of("Delete", "Agent")) : pick(names);
  }

  private List<UserOverride> overrides() {
    List<UserOverride> overrides = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      String resource = random.nextBoolean() ? null : pick(RESOURCES);
      String tool = random.nextBoolean() ? pick(names) : pick(List.of("Bash", "Read", "Task"));
      UserOverride override =
          new UserOverride(tool, resource, pick(List.of(OverrideLevel.values())));
      List<InvalidRulesException.Problem> problems = new ArrayList<>();
      Overrides.check(override, tools, problems);
      if (problems.isEmpty()) {
        overrides.add(override);
      }
    }
    return overrides;
  }

  private Grant grant() {
    boolean exact = random.nextBoolean();
    return new Grant(
        "g",
        "12:00",
        exact ? Probes.DIGEST : null,
        exact ? null : pick(names),
        null,
        random.nextBoolean());
  }

  private <T> T pick(List<T> choices) {
    T choice = choices.get(random.nextInt(choices.size()));
    return "".equals(choice) ? null : choice;
  }
}

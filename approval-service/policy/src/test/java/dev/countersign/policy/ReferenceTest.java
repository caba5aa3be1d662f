package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.policy.ReferenceAuthority.Part;
import dev.countersign.policy.ReferenceAuthority.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The indexed order of decision and the naive one agree on generated cases. */
class ReferenceTest {
  private static final List<String> RULES =
      ReferenceAuthority.RULES.keySet().stream().sorted().toList();

  /** Commands, and what the reference takes them for. */
  private static final List<Part> COMMANDS =
      List.of(
          new Part("Bash ls", List.of("Read /proj"), "read", true, false),
          new Part("Bash cat .env", List.of("Read /proj/.env"), "read", true, false),
          new Part("Bash cat /srv/x", List.of("Read /srv/x"), "read", false, false),
          new Part("Bash touch src/a", List.of("Edit /proj/src/a"), "edit", true, false),
          new Part("Bash touch .git/a", List.of("Edit /proj/.git/a"), "edit", true, true),
          new Part("Bash make", List.of(), "other", true, false),
          new Part("Bash make x", List.of(), "other", true, false),
          new Part("Bash git push", List.of(), "change", true, false),
          new Part("Bash git push x", List.of(), "change", true, false),
          new Part("Bash makex", List.of(), "other", true, false));

  private static final List<Part> CALLS =
      List.of(
          new Part("Read /proj/a", List.of(), "read", true, false),
          new Part("Read /proj/b/.env", List.of(), "read", true, false),
          new Part("Read /srv/a", List.of(), "read", false, false),
          new Part("Edit /proj/src/a", List.of(), "edit", true, false),
          new Part("Edit /proj/.git/a", List.of(), "edit", true, true),
          new Part("Edit /srv/a", List.of(), "edit", false, false),
          new Part("WebFetch a.com", List.of(), "other", true, false),
          new Part("WebFetch x.a.com", List.of(), "other", true, false),
          new Part("mcp__s__t", List.of(), "other", true, false),
          new Part("mcp__sx__t", List.of(), "other", true, false));

  private final Random random = new Random(7);

  @Test
  void bothAgree() throws InvalidRulesException {
    compare(10_000);
  }

  @Test
  @Tag("full")
  void bothAgreeOnMoreCases() throws InvalidRulesException {
    compare(40_000);
  }

  @Test
  @Tag("exhaustive")
  void bothAgreeOnManyMoreCases() throws InvalidRulesException {
    compare(100_000);
  }

  private void compare(int cases) throws InvalidRulesException {
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < cases / 20; i++) {
      World world = world();
      CompiledPolicy policy =
          CompiledPolicy.compile(
              new PolicySource(
                  new Permissions(
                      world.mode(), null, null, null, world.headless(), List.of(), null),
                  world.rules(),
                  world.overrides(),
                  List.of(),
                  true));
      for (int j = 0; j < 20; j++) {
        List<Part> parts = parts();
        Verdict verdict = Authority.decide(policy, call(parts), null, List.of()).verdict();
        String effect = verdict.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
        String expected = ReferenceAuthority.decide(world, parts);
        assertEquals(expected, effect, () -> world + "\n" + parts + "\n" + verdict);
        seen.merge(effect, 1, Integer::sum);
      }
    }
    assertEquals(3, seen.size(), seen::toString);
  }

  private World world() {
    List<Rule> rules = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      String text = pick(RULES);
      RuleEffect effect = pick(List.of(RuleEffect.values()));
      rules.add(
          new Rule(
              pick(List.of(RuleScope.values())),
              text.endsWith(" diagnostic") ? RuleEffect.ALLOW : effect,
              text));
    }
    List<UserOverride> overrides = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      String[] words = pick(random.nextBoolean() ? COMMANDS : CALLS).line().split(" ", 2);
      boolean exact = words.length > 1 && random.nextBoolean();
      String resource = exact ? words[1] : null;
      if (words[0].equals("Bash") && resource != null && resource.split(" ").length < 3) {
        // A shorter command also means longer ones for ask and never; that is proven elsewhere.
        resource = words[1].startsWith("cat") ? words[1] : null;
      }
      overrides.add(new UserOverride(words[0], resource, pick(List.of(OverrideLevel.values()))));
    }
    return new World(
        pick(List.of(PermissionMode.values())), random.nextInt(5) == 0, rules, overrides);
  }

  private List<Part> parts() {
    if (random.nextBoolean()) {
      return List.of(pick(CALLS));
    }
    List<Part> parts = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      parts.add(pick(COMMANDS));
    }
    return parts;
  }

  private static ToolCall call(List<Part> parts) {
    String[] words = parts.get(0).line().split(" ", 2);
    String given =
        words[0].equals("Bash")
            ? String.join(" && ", parts.stream().map(p -> p.line().substring(5)).toList())
            : words.length > 1 ? words[1] : "";
    String field =
        switch (words[0]) {
          case "Bash" -> "command";
          case "WebFetch" -> "url";
          default -> "file_path";
        };
    String value = field.equals("url") ? "https://" + given + "/" : given;
    return new ToolCall(words[0], Map.of(field, value), "/proj", "/home/u", Map.of(), null, null);
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}

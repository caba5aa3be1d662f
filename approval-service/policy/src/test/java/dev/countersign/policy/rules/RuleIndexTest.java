package dev.countersign.policy.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.policy.Rule;
import dev.countersign.policy.RuleEffect;
import dev.countersign.policy.RuleScope;
import dev.countersign.policy.ToolCall;
import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.CallParts;
import dev.countersign.policy.paths.Places;
import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.policy.tools.ToolEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The index finds the very rule that looking at each of them finds. */
class RuleIndexTest {
  private static final List<String> WORDS =
      List.of("git", "npm", "run", "a", "b", "push", "x.y", "-f");
  private static final List<String> NAMES =
      List.of("src", "a.txt", "*.ts", "**", "B", ".env", "l?b");
  private static final List<String> ANCHORS = List.of("//", "~/", "/", "./", "", "", "**/");
  private static final List<String> HOSTS = List.of("a.com", "*.a.com", "b.a.com", "a.*", "*");
  private static final List<String> TOOLS =
      List.of("mcp__s__t", "mcp__s", "mcp__s__*", "mcp__s__get_*", "mcp__*", "*", "Write", "Other");

  private final Random random = new Random(20260101);

  @Test
  void findsWhatLookingAtEachRuleFinds() {
    compare(100);
  }

  @Test
  @Tag("full")
  void findsWhatLookingAtEachRuleFindsInManyMoreCases() {
    compare(1_000);
  }

  private void compare(int rounds) {
    int hits = 0;
    for (int round = 0; round < rounds; round++) {
      List<CompiledRule> rules = rules(RuleEffect.values()[round % 3]);
      RuleIndex index = new RuleIndex(rules);
      for (int i = 0; i < 100; i++) {
        ToolCall call = call();
        ToolEntry entry = ToolCatalogue.shipped().entry(call.tool());
        CallFacts facts =
            new CallFacts(
                call, entry, new Places("/p/w", "/h", List.of("/p/w")), List.of(List.of("/p/w")));
        for (CallPart part : CallParts.of(call, entry)) {
          Predicate<CompiledRule> forbids = r -> r.forbids(part, facts);
          Predicate<CompiledRule> allows = r -> r.allows(part, facts);
          Predicate<CompiledRule> might = r -> r.mayForbid(part, facts);
          hits += compare(rules, part, forbids, index.first(part, facts, forbids));
          hits += compare(rules, part, allows, index.firstAboutTool(part, facts, allows));
          hits += compare(rules, part, might, index.firstPossible(part, facts, might));
        }
      }
    }
    assertTrue(hits > rounds * 10, hits + " hits say little");
  }

  private static int compare(
      List<CompiledRule> rules,
      CallPart part,
      Predicate<CompiledRule> test,
      Optional<CompiledRule> found) {
    Optional<CompiledRule> expected = rules.stream().filter(test).findFirst();
    assertEquals(expected, found, () -> part + " among " + rules);
    return expected.isPresent() ? 1 : 0;
  }

  private List<CompiledRule> rules(RuleEffect effect) {
    RuleParser parser = new RuleParser(ToolCatalogue.shipped());
    List<CompiledRule> rules = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      CompiledRule rule = parser.read(new Rule(RuleScope.USER, effect, rule()), false);
      if (rule != null) {
        rules.add(rule);
      }
    }
    return rules;
  }

  private String rule() {
    return switch (random.nextInt(5)) {
      case 0 ->
          "Bash("
              + one("", "", "* ", "*")
              + words(random.nextInt(3) + 1)
              + one("", " *", ":*", "*", " * " + one("a"))
              + ")";
      case 1 -> one("Read", "Edit", "Write", "Delete") + "(" + pick(ANCHORS) + path() + ")";
      case 2 -> "WebFetch(domain:" + pick(HOSTS) + ")";
      case 3 -> pick(TOOLS) + one("", "", "(q:a*)");
      default -> one("Bash", "Read", "Edit", "Bash(*)", "Agent(x)");
    };
  }

  private ToolCall call() {
    return switch (random.nextInt(5)) {
      case 0 -> call("Bash", "command", command());
      case 1 ->
          call(one("Read", "Write", "Edit"), "file_path", one("/p/w/", "/h/", "", "/") + plain());
      case 2 -> call("WebFetch", "url", "https://" + one("a.com", "b.a.com", "c.b.a.com", "z.org"));
      case 3 -> call(one("mcp__s__t", "mcp__s__get_x", "mcp__z__t", "Other"), "q", one("abc", "b"));
      default -> call("Grep", "path", one("/p/w", "/p/w/src", "/h"));
    };
  }

  private String command() {
    String first = words(random.nextInt(4) + 1);
    return switch (random.nextInt(6)) {
      case 0 -> "timeout 5 " + first;
      case 3 -> "cat " + one("*", "src/*", "$x/", "*/", "/*/", "{") + plain();
      case 4 -> "cd $x; rm -r " + plain() + one("", "/*");
      case 1 -> first + " && cat " + plain();
      case 2 -> first + " > " + plain();
      default -> first;
    };
  }

  private static ToolCall call(String tool, String field, String value) {
    return new ToolCall(tool, Map.of(field, value), "/p/w", "/h", Map.of(), null, null);
  }

  private String words(int count) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      words.add(pick(WORDS));
    }
    return String.join(" ", words);
  }

  private String path() {
    return pick(NAMES) + (random.nextBoolean() ? "/" + pick(NAMES) : "");
  }

  private String plain() {
    return one("src", "b", "lib", ".env") + one("", "/a.txt", "/m.ts", "/src/a.txt");
  }

  private String one(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}

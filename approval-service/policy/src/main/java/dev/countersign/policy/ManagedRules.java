package dev.countersign.policy;

import dev.countersign.policy.InvalidRulesException.Problem;
import dev.countersign.policy.tools.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The managed rules as an administrator writes them: a text file, one rule a line ({@code deny
 * Bash(rm *)}), {@code #} begins a comment line.
 */
public final class ManagedRules {
  private static final List<Rule> SHIPPED = shippedRules();

  private ManagedRules() {}

  /** The rules Countersign ships with. */
  public static List<Rule> shipped() {
    return SHIPPED;
  }

  private static List<Rule> shippedRules() {
    try {
      return parse(String.join("\n", Resources.lines("managed-rules.txt")));
    } catch (InvalidRulesException e) {
      throw new IllegalStateException("The shipped rules are broken: " + e.problems(), e);
    }
  }

  /**
   * Reads a file's text.
   *
   * @throws InvalidRulesException if a line is no rule; all such lines are listed
   */
  public static List<Rule> parse(String text) throws InvalidRulesException {
    List<Rule> rules = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (String raw : text.split("\\R")) {
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split("\\s+", 2);
      Optional<RuleEffect> effect = RuleEffect.of(words[0]);
      if (effect.isEmpty() || words.length < 2) {
        problems.add(
            new Problem(line, 0, "a line is one of " + RuleEffect.words() + " and a rule"));
      } else {
        rules.add(new Rule(RuleScope.MANAGED, effect.get(), words[1]));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidRulesException(problems);
    }
    return rules;
  }
}

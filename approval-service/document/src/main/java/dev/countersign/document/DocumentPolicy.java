package dev.countersign.document;

import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.Rule;
import dev.countersign.policy.RuleEffect;
import dev.countersign.policy.RuleScope;
import dev.countersign.policy.UserOverride;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.UserDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a document says, in the words of the decision core. Everybody who asks what a document comes
 * to asks here, so that no two of them can disagree.
 */
public final class DocumentPolicy {
  private DocumentPolicy() {}

  /** The rules of one scope. */
  public static List<Rule> rules(RuleScope scope, RuleSet rules) {
    List<Rule> out = new ArrayList<>();
    if (rules != null) {
      rules.allow().forEach(text -> out.add(new Rule(scope, RuleEffect.ALLOW, text)));
      rules.ask().forEach(text -> out.add(new Rule(scope, RuleEffect.ASK, text)));
      rules.deny().forEach(text -> out.add(new Rule(scope, RuleEffect.DENY, text)));
    }
    return out;
  }

  /**
   * The overrides that count now.
   *
   * @throws IllegalArgumentException if a level or an end cannot be read
   */
  public static List<UserOverride> overrides(UserDocument document, Instant now) {
    List<UserOverride> overrides = new ArrayList<>();
    document
        .tools()
        .forEach(
            (tool, settled) -> {
              if (settled.level() != null) {
                add(overrides, tool, null, settled.level(), settled.until(), now);
              }
              settled
                  .resources()
                  .forEach(
                      (resource, entry) ->
                          add(overrides, tool, resource, entry.level(), entry.until(), now));
            });
    return overrides;
  }

  private static void add(
      List<UserOverride> to,
      String tool,
      String resource,
      String level,
      String until,
      Instant now) {
    if (Expiry.end(until).isAfter(now)) {
      to.add(new UserOverride(tool, resource, level(level)));
    }
  }

  private static OverrideLevel level(String word) {
    return OverrideLevel.of(word)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "level " + word + " is none of " + OverrideLevel.words()));
  }
}

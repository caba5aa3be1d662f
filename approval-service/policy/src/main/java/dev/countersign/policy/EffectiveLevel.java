package dev.countersign.policy;

import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.CallParts;
import dev.countersign.policy.rules.CallFacts;
import dev.countersign.policy.tools.ToolEntry;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the policy comes to for a call before mode and grants have a say: the layers of {@link
 * Authority} down to the tool's default, asked in the same order and by the same code.
 *
 * @param level null if nothing settles it and the session's mode decides
 * @param source where the level comes from
 * @param entry the override or rule behind it, as written; null if none is
 */
public record EffectiveLevel(OverrideLevel level, Source source, String entry) {
  /** Where a level comes from. */
  public enum Source {
    OVERRIDE_EXACT,
    OVERRIDE_PATTERN,
    OVERRIDE_TOOL,
    RULE,
    CATALOGUE,
    MODE;

    /** The word that stands for it outside Java. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final EffectiveLevel OPEN = new EffectiveLevel(null, Source.MODE, null);

  /** Every part must be settled to run: never, then ask, then open, then always. */
  private static final Comparator<EffectiveLevel> STRICTNESS =
      Comparator.<EffectiveLevel>comparingInt(
              e -> e.level == null ? 1 : List.of(0, 2, 3).get(e.level.ordinal()))
          .thenComparingInt(e -> telling(e.source));

  /** Of equally strict parts the one that says most about why, as in a decision. */
  private static int telling(Source source) {
    return switch (source) {
      case MODE -> 0;
      case CATALOGUE -> 1;
      case OVERRIDE_TOOL, OVERRIDE_PATTERN, OVERRIDE_EXACT -> 2;
      case RULE -> 3;
    };
  }

  /** The level of a call; of a call in several parts that of the strictest. */
  public static EffectiveLevel of(CompiledPolicy policy, ToolCall call) {
    ToolEntry entry = policy.tools().entry(call.tool());
    EffectivePermissions permissions = policy.effective(null);
    CallFacts facts = policy.facts(call, entry, permissions);
    Case one = Case.of(policy, facts, permissions, List.of());
    return CallParts.of(call, entry).stream()
        .map(part -> of(part, one))
        .max(STRICTNESS)
        .orElseThrow();
  }

  private static EffectiveLevel of(CallPart part, Case one) {
    Finding deny = DenyRules.of(part, one);
    if (deny.verdict() != null) {
      return rule(OverrideLevel.NEVER, deny);
    }
    if (PlanGate.look(part, one).verdict() != null) {
      return OPEN;
    }
    Finding override = Layers.overrides(part, one);
    if (override.verdict() != null) {
      return override(part, one);
    }
    Finding ask = Layers.askRules(part, one);
    if (ask.verdict() != null) {
      return ask.verdict().by() == DecidedBy.OVERRIDE
          ? override(part, one)
          : rule(OverrideLevel.ASK, ask);
    }
    Finding allow = Layers.allowRules(part, one);
    return allow.verdict() != null ? rule(OverrideLevel.ALWAYS, allow) : byDefault(part, one);
  }

  private static EffectiveLevel byDefault(CallPart part, Case one) {
    Verdict preset = Layers.byDefault(part, one).verdict();
    if (preset == null) {
      return OPEN;
    }
    OverrideLevel level =
        preset instanceof Verdict.Deny
            ? OverrideLevel.NEVER
            : preset instanceof Verdict.Ask ? OverrideLevel.ASK : OverrideLevel.ALWAYS;
    return new EffectiveLevel(level, Source.CATALOGUE, null);
  }

  private static EffectiveLevel rule(OverrideLevel level, Finding finding) {
    return new EffectiveLevel(level, Source.RULE, finding.verdict().rule());
  }

  private static EffectiveLevel override(CallPart part, Case one) {
    Optional<Overrides.Hit> hit = one.policy().overrides().hit(part, one.call());
    UserOverride override = hit.orElseThrow().override();
    Source source =
        switch (hit.get().fit()) {
          case EXACT -> Source.OVERRIDE_EXACT;
          case PATTERN -> Source.OVERRIDE_PATTERN;
          case TOOL -> Source.OVERRIDE_TOOL;
        };
    return new EffectiveLevel(override.level(), source, Overrides.shown(override));
  }
}

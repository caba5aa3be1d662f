package dev.countersign.policy;

import dev.countersign.policy.InvalidRulesException.Problem;
import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.Doubt;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.Oddities;
import dev.countersign.policy.paths.PathPattern;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.rules.CallFacts;
import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.policy.tools.ToolEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user settled. The most specific override counts: one for exactly this resource, then one
 * for a pattern, then one for the tool; of equally specific ones never beats ask beats always.
 *
 * <p>A resource is a command ({@code git push}), a path or a host; with {@code *} it is a pattern.
 * A command without a star means exactly that command for {@code always}, and that command with any
 * further arguments for {@code ask} and {@code never}.
 */
final class Overrides {
  /** How closely an override names what a part is about. */
  enum Fit {
    EXACT,
    PATTERN,
    TOOL
  }

  /** An override that counts, and how it came to. */
  record Hit(UserOverride override, Fit fit) {}

  private final Map<String, List<CompiledOverride>> byTool = new HashMap<>();

  Overrides(List<UserOverride> overrides) {
    overrides.forEach(this::add);
  }

  /** These and one more; what was read of these is not read again. */
  Overrides with(UserOverride override) {
    Overrides more = new Overrides(List.of());
    byTool.forEach((tool, compiled) -> more.byTool.put(tool, new ArrayList<>(compiled)));
    more.add(override);
    return more;
  }

  private void add(UserOverride override) {
    byTool
        .computeIfAbsent(override.tool(), t -> new ArrayList<>())
        .add(new CompiledOverride(override));
  }

  static void check(UserOverride override, ToolCatalogue tools, List<Problem> problems) {
    String shown = shown(override);
    if (override.tool() == null || override.tool().isBlank()) {
      problems.add(new Problem(shown, 0, "an override needs a tool"));
    } else if (override.level() == null) {
      problems.add(new Problem(shown, 0, "an override needs a level: " + OverrideLevel.words()));
    } else if (override.resource() != null && override.resource().isBlank()) {
      problems.add(new Problem(shown, 0, "an empty resource; leave it out to mean the whole tool"));
    } else if (override.level() == OverrideLevel.ALWAYS && override.resource() != null) {
      String why = overBroad(override, tools.entry(override.tool()));
      if (why != null) {
        int at = override.tool().length() + 1;
        problems.add(Problem.overBroad(shown, at, "an override to always allow this: " + why));
      }
    }
  }

  /** Why nobody can oversee what an "always" would allow; null if one can. */
  static String overBroad(UserOverride override, ToolEntry entry) {
    if (override.resource().matches("[*\\s]+")) {
      return "it stands for everything; leave it out to mean the whole tool";
    }
    boolean shell = entry.has("command") || entry.has("argv");
    return shell ? OverBroad.ofCommand(override.resource()) : null;
  }

  /** An override as people read it. */
  static String shown(UserOverride override) {
    return override.resource() == null
        ? override.tool()
        : override.tool() + "(" + override.resource() + ")";
  }

  /** The override that counts for a part. */
  Optional<UserOverride> of(CallPart part, CallFacts call) {
    return hit(part, call).map(Hit::override);
  }

  /** The same, with how closely it fits. */
  Optional<Hit> hit(CallPart part, CallFacts call) {
    if (byTool.isEmpty()) {
      return Optional.empty();
    }
    List<Hit> hits = new ArrayList<>();
    for (CompiledOverride compiled : byTool.getOrDefault(call.tool(), List.of())) {
      call.effort().compare(part.weight());
      UserOverride override = compiled.override();
      Fit fit =
          override.level() == OverrideLevel.ALWAYS
              ? allows(compiled, part, call)
              : forbids(compiled, part, call);
      if (fit != null) {
        hits.add(new Hit(override, fit));
      }
    }
    return hits.stream()
        .min(
            Comparator.comparing(Hit::fit)
                .thenComparing(h -> h.override().level(), Comparator.reverseOrder()));
  }

  private static Fit forbids(CompiledOverride compiled, CallPart part, CallFacts call) {
    String resource = compiled.resource();
    if (resource == null) {
      return Fit.TOOL;
    }
    boolean pattern = compiled.isPattern();
    if (part.inShell()) {
      if (part.command() == null) {
        return null;
      }
      if (!pattern && part.command().readings().contains(resource)) {
        return Fit.EXACT;
      }
      return compiled.wide().forbids(part.command()) ? Fit.PATTERN : null;
    }
    if (part.hosts().stream().anyMatch(h -> compiled.host().matches(h.host()))
        || part.paths().stream().anyMatch(t -> fitsPath(compiled, t, call, false))
        || namedBy(resource, call)) {
      return pattern ? Fit.PATTERN : Fit.EXACT;
    }
    return null;
  }

  private static Fit allows(CompiledOverride compiled, CallPart part, CallFacts call) {
    String resource = compiled.resource();
    boolean pattern = compiled.isPattern();
    if (part.doubt() != null && part.doubt().blocksRules()
        || part.is(Doubt.Kind.COMPUTED) && (resource == null || pattern)) {
      return null;
    }
    boolean guarded = part.paths().stream().anyMatch(t -> t.writes() && t.guarded());
    if (resource == null) {
      return guarded || !allowsTool(part, call) ? null : Fit.TOOL;
    }
    if (guarded && (pattern || part.inShell())) {
      return null;
    }
    if (part.inShell()) {
      return part.command() != null
              && part.command().allowable()
              && !(part.command().exactOnly() && pattern)
              && compiled.command().allows(part.command())
          ? pattern ? Fit.PATTERN : Fit.EXACT
          : null;
    }
    boolean hosts =
        part.hosts().stream().allMatch(h -> h.doubt() == null && compiled.host().matches(h.host()));
    boolean paths = part.paths().stream().allMatch(t -> fitsPath(compiled, t, call, true));
    boolean named = part.touches().isEmpty() && namedBy(resource, call);
    return named || !part.touches().isEmpty() && hosts && paths
        ? pattern ? Fit.PATTERN : Fit.EXACT
        : null;
  }

  private static boolean allowsTool(CallPart part, CallFacts call) {
    if (part.redirection()) {
      return part.paths().stream().allMatch(t -> t.glob().isEmpty() && call.inside(t));
    }
    return part.inShell()
        ? part.command().allowable()
        : part.touches().stream().allMatch(t -> t.doubt() == null);
  }

  private static boolean fitsPath(
      CompiledOverride compiled, PathTouch touch, CallFacts call, boolean allow) {
    if (allow && (touch.doubt() != null || !touch.glob().isEmpty() || touch.places().isEmpty())) {
      return false;
    }
    if (compiled.isPattern()) {
      PathPattern pattern = compiled.path();
      return allow
          ? touch.places().stream().allMatch(p -> pattern.allows(p, call.places()))
          : touch.routes().stream().anyMatch(r -> pattern.forbids(r, call.places()));
    }
    String path = Paths.absolute(compiled.resource(), call.places().cwd(), call.places().home());
    if (path == null) {
      return false;
    }
    String folded = Oddities.folded(path);
    return allow
        ? touch.places().stream().allMatch(path::equals)
        : touch.routes().stream().anyMatch(r -> Paths.within(r.folded(), folded));
  }

  private static boolean namedBy(String resource, CallFacts call) {
    return resource.equals(call.agentName());
  }
}

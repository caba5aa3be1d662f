package dev.countersign.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The order of decision once more, naively: rules are regular expressions over lines such as {@code
 * Bash make x} or {@code Read /proj/a}, and every rule is looked at. Only for the small language of
 * {@link ReferenceTest}.
 */
final class ReferenceAuthority {
  /** The rules it knows. */
  static final Map<String, String> RULES =
      Map.ofEntries(
          Map.entry("Bash", "Bash .*"),
          Map.entry("Bash(make *)", "Bash make( .*)?"),
          Map.entry("Bash(make *) diagnostic", "Bash make( .*)?"),
          Map.entry("Bash(git:*)", "Bash git( .*)?"),
          Map.entry("Bash(git push)", "Bash git push"),
          Map.entry("Bash(* x)", "Bash .* x"),
          Map.entry("Read", "Read .*"),
          Map.entry("Read(.env)", "Read /proj/(.*/)?\\.env"),
          Map.entry("Read(//srv/**)", "Read /srv/.*"),
          Map.entry("Edit", "Edit .*"),
          Map.entry("Edit(/src/**)", "Edit /proj/src/.*"),
          Map.entry("Edit(//srv/**)", "Edit /srv/.*"),
          Map.entry("WebFetch", "WebFetch .*"),
          Map.entry("WebFetch(domain:a.com)", "WebFetch a\\.com"),
          Map.entry("WebFetch(domain:*.a.com)", "WebFetch .+\\.a\\.com"),
          Map.entry("WebFetch(domain:a.com) diagnostic", "WebFetch a\\.com"),
          Map.entry("mcp__s", "mcp__s__.*"),
          Map.entry("mcp__s diagnostic", "mcp__s__.*"),
          Map.entry("mcp__s__t", "mcp__s__t"));

  /**
   * A part: what it is called, what it touches besides, and what it does.
   *
   * @param does {@code read}, {@code edit}, {@code change} (anything else) or {@code other}
   * @param inside whether all it touches lies in the workspace
   */
  record Part(String line, List<String> touches, String does, boolean inside, boolean guarded) {}

  /** Given. */
  record World(
      PermissionMode mode, boolean headless, List<Rule> rules, List<UserOverride> overrides) {}

  private ReferenceAuthority() {}

  static String decide(World world, List<Part> parts) {
    List<String> verdicts = parts.stream().map(part -> decide(world, part)).toList();
    for (String effect : List.of("deny", "ask")) {
      if (verdicts.contains(effect)) {
        boolean nobody = world.headless() || world.mode() == PermissionMode.DONT_ASK;
        return nobody ? "deny" : effect;
      }
    }
    return "allow";
  }

  private static String decide(World world, Part part) {
    boolean bypass = world.mode() == PermissionMode.BYPASS_PERMISSIONS;
    if (any(world, part, RuleEffect.DENY, RuleScope.values())) {
      return "deny";
    }
    boolean plan = world.mode() == PermissionMode.PLAN;
    if (plan && List.of("edit", "change").contains(part.does())) {
      return "deny";
    }
    boolean barred = plan && part.does().equals("other");
    OverrideLevel level = override(world, part);
    if (level == OverrideLevel.NEVER) {
      return "deny";
    }
    boolean others =
        any(world, part, RuleEffect.ASK, RuleScope.MANAGED, RuleScope.OVERLAY, RuleScope.PROJECT);
    if (level == OverrideLevel.ALWAYS && (bypass || !others) && !barred) {
      return "allow";
    }
    boolean own = any(world, part, RuleEffect.ASK, RuleScope.USER, RuleScope.SESSION);
    if (!bypass && (others || own || level == OverrideLevel.ASK)) {
      return "ask";
    }
    boolean allowed =
        matching(world, RuleEffect.ALLOW, RuleScope.values())
            .filter(rule -> !barred || rule.text().endsWith(" diagnostic"))
            .anyMatch(rule -> part.line().matches(RULES.get(rule.text())));
    if (allowed && !part.guarded() || bypass) {
      return "allow";
    }
    boolean edits = world.mode().compareTo(PermissionMode.ACCEPT_EDITS) >= 0 && !part.guarded();
    boolean covered = part.does().equals("read") || part.does().equals("edit") && edits;
    return covered && part.inside() ? "allow" : "ask";
  }

  private static boolean any(World world, Part part, RuleEffect effect, RuleScope... scopes) {
    List<String> lines = new ArrayList<>(part.touches());
    lines.add(part.line());
    return matching(world, effect, scopes)
        .map(rule -> Pattern.compile(wide(RULES.get(rule.text()))))
        .anyMatch(rule -> lines.stream().anyMatch(line -> rule.matcher(line).matches()));
  }

  /** A deny or ask of a domain also holds for the names below it. */
  private static String wide(String line) {
    return line.replaceFirst("^WebFetch (?!\\.)", "WebFetch (.+\\\\.)?");
  }

  private static Stream<Rule> matching(World world, RuleEffect effect, RuleScope... scopes) {
    return world.rules().stream()
        .filter(rule -> rule.effect() == effect && List.of(scopes).contains(rule.scope()))
        .filter(rule -> effect != RuleEffect.ALLOW || rule.scope() != RuleScope.OVERLAY);
  }

  /** Exact before tool; never before ask before always. */
  private static OverrideLevel override(World world, Part part) {
    String[] words = part.line().split(" ", 2);
    for (boolean exact : List.of(true, false)) {
      for (OverrideLevel level :
          List.of(OverrideLevel.NEVER, OverrideLevel.ASK, OverrideLevel.ALWAYS)) {
        for (UserOverride one : world.overrides()) {
          boolean fits =
              exact
                  ? words.length > 1 && words[1].equals(one.resource())
                  : one.resource() == null && !(level == OverrideLevel.ALWAYS && part.guarded());
          if (one.level() == level && one.tool().equals(words[0]) && fits) {
            return level;
          }
        }
      }
    }
    return null;
  }
}

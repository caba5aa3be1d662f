package dev.countersign.policy;

import dev.countersign.policy.EffectivePermissions.NamedProfile;
import dev.countersign.policy.Profile.Base;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * What needs nobody's approval by mode, profiles and policies alone; rules, overrides and grants
 * come on top.
 *
 * @param edits where files may be changed
 * @param guarded whether that holds for protected files, too
 * @param commands the commands that may run besides those proven to only read; {@code *} for any
 * @param hosts the hosts that may be contacted; {@code *} for any
 * @param otherTools whether tools nobody knows may run
 * @param planning whether changes are denied, approval or not
 * @param approvals whether what is outside waits for a person; else it is denied
 */
public record Boundary(
    Area reads,
    Area edits,
    boolean guarded,
    Area deletes,
    List<String> commands,
    List<String> hosts,
    boolean otherTools,
    boolean planning,
    String planFile,
    boolean approvals,
    ExecutionPolicy execution) {
  private static final List<String> ANY = List.of("*");

  public Boundary {
    commands = List.copyOf(commands);
    hosts = List.copyOf(hosts);
  }

  /** The boundary of effective permissions. */
  public static Boundary of(EffectivePermissions permissions) {
    List<Profile> profiles = permissions.profiles().stream().map(NamedProfile::profile).toList();
    boolean wide = profiles.stream().allMatch(Profile::wide);
    boolean full = profiles.stream().allMatch(p -> p.base() == Base.FULL_ACCESS);
    boolean planning = permissions.mode() == PermissionMode.PLAN;
    Area writable = Area.EVERYWHERE;
    for (Profile profile : profiles) {
      if (profile.writableRoots() != null) {
        writable =
            profile.writableRoots().isEmpty() ? Area.NOWHERE : writable.in(profile.writableRoots());
      }
    }
    ApprovalPolicy policy = permissions.approvalPolicy();
    return new Boundary(
        wide ? Area.EVERYWHERE : inside(Area.EVERYWHERE, permissions),
        planning ? Area.NOWHERE : known(edits(permissions, profiles, writable)),
        full,
        planning || !wide ? Area.NOWHERE : known(writable),
        wide ? commands(profiles) : List.of(),
        hosts(profiles),
        full && profiles.stream().noneMatch(Profile::narrowed),
        planning,
        permissions.planFile(),
        !permissions.headless()
            && (policy == ApprovalPolicy.ASK_ON_BOUNDARY
                || policy == ApprovalPolicy.APPROVE_TRUSTED),
        permissions.executionPolicy());
  }

  private static Area known(Area area) {
    return area.nothing() || area.empty() ? Area.NOWHERE : area;
  }

  private static Area inside(Area area, EffectivePermissions permissions) {
    Area inside = area;
    for (List<String> roots : permissions.roots()) {
      inside = inside.in(roots);
    }
    return inside;
  }

  /** A trusting policy allows edits inside the workspace whatever the base profiles are. */
  private static Area edits(
      EffectivePermissions permissions, List<Profile> profiles, Area writable) {
    boolean byMode = permissions.mode().compareTo(PermissionMode.ACCEPT_EDITS) >= 0;
    boolean covered =
        profiles.stream().allMatch(p -> p.wide() || p.base() == Base.WORKSPACE && byMode);
    if (covered && profiles.stream().allMatch(Profile::wide)) {
      return writable;
    }
    return covered || permissions.approvalPolicy() == ApprovalPolicy.APPROVE_TRUSTED
        ? inside(writable, permissions)
        : Area.NOWHERE;
  }

  /** What every profile leaves; one that bounds what nobody knows of a command must list it. */
  private static List<String> commands(List<Profile> profiles) {
    List<String> left = ANY;
    for (Profile profile : profiles) {
      boolean unknown =
          profile.writableRoots() != null
              || profile.base() == Base.FULL_ACCESS && !profile.anyNetwork();
      List<String> own = profile.anyCommand() ? unknown ? List.of() : ANY : profile.commands();
      left = common(left, own, (one, other) -> (one + " ").startsWith(other + " "));
    }
    return left;
  }

  private static List<String> hosts(List<Profile> profiles) {
    List<String> left = ANY;
    for (Profile profile : profiles) {
      List<String> base = profile.base() == Base.FULL_ACCESS ? ANY : List.of();
      List<String> own =
          profile.wide() && profile.network() != null
              ? profile.anyNetwork() ? ANY : profile.network()
              : base;
      left =
          common(
              left,
              own,
              (one, other) ->
                  one.equals(other) || other.startsWith("*.") && one.endsWith(other.substring(1)));
    }
    return left;
  }

  private static List<String> common(
      List<String> a, List<String> b, BiPredicate<String, String> within) {
    if (a.equals(ANY) || b.equals(ANY)) {
      return a.equals(ANY) ? b : a;
    }
    List<String> common = new ArrayList<>();
    keep(common, a, one -> b.stream().anyMatch(other -> within.test(one, other)));
    keep(common, b, one -> a.stream().anyMatch(other -> within.test(one, other)));
    return common.stream().distinct().toList();
  }

  private static void keep(List<String> to, List<String> from, Predicate<String> which) {
    from.stream().filter(which).forEach(to::add);
  }
}

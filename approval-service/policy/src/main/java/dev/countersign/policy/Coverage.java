package dev.countersign.policy;

import dev.countersign.policy.EffectivePermissions.NamedProfile;
import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.Doubt;
import dev.countersign.policy.parts.Touch.HostTouch;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.rules.CallFacts;
import dev.countersign.policy.rules.DomainPattern;
import dev.countersign.policy.shell.Part.Reach;
import dev.countersign.policy.tools.ToolEntry;
import java.util.List;

/** What a mode and its profiles cover: the coverage table of the order of decision. */
final class Coverage {
  private final EffectivePermissions permissions;
  private final CallFacts call;

  Coverage(EffectivePermissions permissions, CallFacts call) {
    this.permissions = permissions;
    this.call = call;
  }

  /** Why a part is outside what is covered; null if it is covered. */
  String outside(CallPart part) {
    if (part.doubt() != null && part.doubt().blocksAll()) {
      return part.doubt().why();
    }
    for (NamedProfile named : permissions.profiles()) {
      Profile profile = named.profile();
      if (!covers(profile, part) || !customCovers(profile, part)) {
        return part.doubt() != null ? part.doubt().why() : reason(named, part);
      }
    }
    boolean foreground = permissions.executionPolicy() == ExecutionPolicy.FOREGROUND_ONLY;
    return part.background() && foreground ? "it runs in the background" : null;
  }

  private String reason(NamedProfile named, CallPart part) {
    if (part.command() != null && part.command().whyNot() != null) {
      return part.command().whyNot();
    }
    if (part.paths().stream().anyMatch(t -> t.writes() && t.guarded())) {
      return "it changes a protected file";
    }
    for (PathTouch touch : part.paths()) {
      if (!call.inside(touch)) {
        return touch.doubt() != null
            ? touch.doubt()
            : touch.written() + " is outside the workspace";
      }
    }
    return part.kind().word() + " is not covered by the profile " + named.word();
  }

  private boolean covers(Profile profile, CallPart part) {
    if (profile.base() == Profile.Base.FULL_ACCESS) {
      return true;
    }
    if (part.doubt() != null) {
      return profile.base() == Profile.Base.EXTERNAL_SANDBOX
          && part.inShell()
          && !part.is(Doubt.Kind.UNCLEAR);
    }
    return switch (part.kind()) {
      case READ, SEARCH -> part.paths().stream().allMatch(t -> coversRead(profile, t));
      case EDIT, MOVE -> !part.paths().isEmpty() && coversWrites(profile, part);
      case DELETE -> profile.base() == Profile.Base.EXTERNAL_SANDBOX && unprotected(part);
      case EXECUTE -> coversCommand(profile, part);
      case FETCH -> false;
      case THINK, SWITCH_MODE -> true;
      case OTHER -> false;
    };
  }

  private boolean coversCommand(Profile profile, CallPart part) {
    if (profile.base() == Profile.Base.EXTERNAL_SANDBOX) {
      return part.hosts().isEmpty() && unprotected(part);
    }
    if (part.command() == null || !part.hosts().isEmpty() || !part.command().allowable()) {
      return false;
    }
    boolean writes = part.paths().stream().anyMatch(PathTouch::writes);
    if (part.reach() == Reach.READ && !writes) {
      return part.paths().stream().allMatch(t -> coversRead(profile, t));
    }
    return part.reach() == Reach.EDIT && writes && coversWrites(profile, part);
  }

  private boolean coversWrites(Profile profile, CallPart part) {
    if (profile.base() == Profile.Base.EXTERNAL_SANDBOX) {
      return unprotected(part);
    }
    return profile.base() == Profile.Base.WORKSPACE
        && permissions.mode().compareTo(PermissionMode.ACCEPT_EDITS) >= 0
        && editInside(part);
  }

  /** Whether it only changes unprotected files inside the workspace. */
  boolean editInside(CallPart part) {
    return part.doubt() == null
        && part.paths().stream()
            .allMatch(t -> call.inside(t) && (!t.writes() || t.glob().isEmpty()))
        && unprotected(part);
  }

  private static boolean unprotected(CallPart part) {
    return part.paths().stream().noneMatch(t -> t.writes() && (t.doubt() != null || t.guarded()));
  }

  private boolean coversRead(Profile profile, PathTouch touch) {
    return profile.base() == Profile.Base.EXTERNAL_SANDBOX || call.inside(touch);
  }

  /** What a custom profile takes away from its base. */
  private boolean customCovers(Profile profile, CallPart part) {
    List<String> writable = profile.writableRoots();
    boolean roots =
        writable == null
            || part.paths().stream()
                .filter(PathTouch::writes)
                .allMatch(
                    t ->
                        t.doubt() == null
                            && t.places().stream()
                                .allMatch(
                                    p ->
                                        writable.stream()
                                            .anyMatch(r -> Paths.within(p, Paths.clean(r)))));
    boolean network =
        profile.network() == null
            || part.hosts().stream().allMatch(h -> fits(profile.network(), h));
    boolean commands =
        profile.commands() == null
            || part.command() == null
            || part.reach() == Reach.READ
            || profile.commands().stream()
                .anyMatch(c -> (part.command().plain() + " ").startsWith(c + " "));
    return roots && network && commands;
  }

  private static boolean fits(List<String> network, HostTouch host) {
    return host.doubt() == null
        && network.stream().anyMatch(n -> DomainPattern.of(n).matches(host.host()));
  }

  /** Whether some call of a tool may be covered: at its best, whatever its input. */
  static boolean mayCover(EffectivePermissions permissions, ToolEntry tool) {
    return permissions.profiles().stream()
        .map(NamedProfile::profile)
        .allMatch(profile -> mayCover(profile, permissions.mode(), tool));
  }

  private static boolean mayCover(Profile profile, PermissionMode mode, ToolEntry tool) {
    if (profile.base() == Profile.Base.FULL_ACCESS) {
      return true;
    }
    boolean sandbox = profile.base() == Profile.Base.EXTERNAL_SANDBOX;
    return switch (tool.kind()) {
      case READ, SEARCH, THINK, SWITCH_MODE -> true;
      case EDIT, MOVE ->
          sandbox
              || profile.base() == Profile.Base.WORKSPACE
                  && mode.compareTo(PermissionMode.ACCEPT_EDITS) >= 0;
      case DELETE -> sandbox;
      case EXECUTE -> sandbox || tool.shell();
      case FETCH, OTHER -> false;
    };
  }
}

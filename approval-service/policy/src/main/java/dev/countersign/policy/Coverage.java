package dev.countersign.policy;

import dev.countersign.policy.EffectivePermissions.NamedProfile;
import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.Doubt;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.rules.CallFacts;
import dev.countersign.policy.shell.Part.Reach;
import dev.countersign.policy.tools.ToolEntry;

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
      if (!covers(profile, part)) {
        return part.doubt() != null ? part.doubt().why() : reason(named, part);
      }
      if (!Narrowing.leaves(profile, part)) {
        return part.doubt() != null
            ? part.doubt().why()
            : part.label() + " is outside what the profile " + named.word() + " leaves";
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
      case FETCH -> !part.hosts().isEmpty() && declared(profile, part);
      case THINK, SWITCH_MODE -> true;
      case OTHER -> false;
    };
  }

  private boolean coversCommand(Profile profile, CallPart part) {
    if (profile.base() == Profile.Base.EXTERNAL_SANDBOX) {
      return (part.hosts().isEmpty() || declared(profile, part)) && unprotected(part);
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

  /** Whether the operator of a sandbox declared all the hosts that a part contacts. */
  private static boolean declared(Profile profile, CallPart part) {
    return profile.base() == Profile.Base.EXTERNAL_SANDBOX
        && profile.network() != null
        && Narrowing.fits(profile, part);
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

  /** Whether the session's custom profiles leave a part, whatever their bases cover. */
  boolean left(CallPart part) {
    return permissions.profiles().stream().allMatch(p -> Narrowing.leaves(p.profile(), part));
  }

  /** Whether some call of a tool may be covered: at its best, whatever its input. */
  static boolean mayCover(EffectivePermissions permissions, ToolEntry tool) {
    return permissions.profiles().stream()
        .map(NamedProfile::profile)
        .allMatch(profile -> mayCover(profile, permissions.mode(), tool));
  }

  private static boolean mayCover(Profile profile, PermissionMode mode, ToolEntry tool) {
    if (profile.base() == Profile.Base.FULL_ACCESS) {
      return tool.kind() != ToolKind.OTHER || !profile.narrowed();
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
      case FETCH -> sandbox && profile.network() != null;
      case OTHER -> false;
    };
  }
}

package dev.countersign.policy;

import dev.countersign.policy.Profile.Base;
import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.Touch.HostTouch;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.rules.DomainPattern;
import dev.countersign.policy.shell.Part.Reach;
import dev.countersign.policy.shell.PathUse.Use;

/**
 * What a custom profile leaves of its base: only what is proven to stay within its writable roots,
 * its hosts and its commands. What a listed command does besides is its profile's own choice.
 */
final class Narrowing {
  private final Profile profile;
  private final CallPart part;

  private Narrowing(Profile profile, CallPart part) {
    this.profile = profile;
    this.part = part;
  }

  /** Whether nothing that the profile takes away is needed for a part. */
  static boolean leaves(Profile profile, CallPart part) {
    Narrowing narrowing = new Narrowing(profile, part);
    return (profile.writableRoots() == null || narrowing.writes())
        && (profile.anyNetwork() || narrowing.contacts())
        && (profile.anyCommand() || narrowing.runs());
  }

  private boolean writes() {
    return switch (part.kind()) {
      case READ, SEARCH, FETCH, THINK, SWITCH_MODE -> true;
      case EDIT, MOVE, DELETE -> !part.paths().isEmpty() && writesWithin();
      case EXECUTE -> writesWithin() && known();
      case OTHER -> false;
    };
  }

  private boolean writesWithin() {
    return part.doubt() == null
        && part.paths().stream().filter(PathTouch::writes).allMatch(this::within);
  }

  /** A pattern may find a link that leads elsewhere; deleting one takes away only the link. */
  private boolean within(PathTouch touch) {
    return touch.doubt() == null
        && !touch.places().isEmpty()
        && (touch.glob().isEmpty() || touch.use() == Use.DELETE)
        && touch.places().stream()
            .allMatch(
                place ->
                    profile.writableRoots().stream()
                        .anyMatch(root -> Paths.within(place, Paths.clean(root))));
  }

  /** In a sandbox the hosts are what its operator declared; the sandbox itself bounds the rest. */
  private boolean contacts() {
    if (!fits(profile, part)) {
      return false;
    }
    return profile.base() == Base.EXTERNAL_SANDBOX
        || switch (part.kind()) {
          case READ, SEARCH, EDIT, MOVE, DELETE, THINK, SWITCH_MODE -> true;
          case FETCH -> part.doubt() == null && !part.hosts().isEmpty();
          case EXECUTE -> known();
          case OTHER -> false;
        };
  }

  private boolean runs() {
    return switch (part.kind()) {
      case READ, SEARCH, EDIT, MOVE, DELETE, FETCH, THINK, SWITCH_MODE -> true;
      case EXECUTE ->
          known()
              && (listed()
                  || part.reach() == Reach.READ
                      && part.hosts().isEmpty()
                      && part.paths().stream().noneMatch(PathTouch::writes));
      case OTHER -> false;
    };
  }

  /** Whether it is a command of which all it does is known, or which the profile names. */
  private boolean known() {
    return part.doubt() == null
        && part.command() != null
        && part.command().allowable()
        && (part.reach() != Reach.OTHER || listed());
  }

  private boolean listed() {
    return profile.commands() != null
        && !part.command().exactOnly()
        && profile.commands().stream()
            .anyMatch(command -> (part.command().plain() + " ").startsWith(command + " "));
  }

  /** Whether all hosts that a part is known to contact are among a profile's. */
  static boolean fits(Profile profile, CallPart part) {
    return part.hosts().stream().allMatch(host -> fits(profile, host));
  }

  private static boolean fits(Profile profile, HostTouch host) {
    return host.doubt() == null
        && profile.network().stream().anyMatch(n -> DomainPattern.of(n).matches(host.host()));
  }
}

package dev.countersign.policy;

import dev.countersign.policy.Decision.Offer;
import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.Touch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What an "always" or "never" answer may store. An offer is made only if the next identical call
 * would then be settled without a prompt: it is tried before it is shown.
 */
final class Offers {
  /** One override must settle the whole call; where so many parts are open, none will. */
  private static final int MOST = 8;

  private static final int LONGEST = 1_000;

  private Offers() {}

  static List<Offer> of(
      CompiledPolicy policy,
      ToolCall call,
      List<CallPart> parts,
      PermissionMode claimed,
      List<Grant> grants) {
    Set<String> resources = new LinkedHashSet<>();
    boolean whole = true;
    for (CallPart part : parts) {
      whole &= !part.inShell() && part.touches().isEmpty();
      String resource = resource(part);
      if (resource != null && resources.size() < MOST) {
        resources.add(resource);
      }
    }
    List<UserOverride> tried = new ArrayList<>();
    for (OverrideLevel level : List.of(OverrideLevel.ALWAYS, OverrideLevel.NEVER)) {
      for (String resource : resources) {
        tried.add(new UserOverride(call.tool(), resource, level));
      }
      if (whole) {
        tried.add(new UserOverride(call.tool(), null, level));
      }
    }
    List<Offer> offers = new ArrayList<>();
    for (UserOverride override : tried) {
      CompiledPolicy then = policy.with(override);
      if (works(override, Authority.judge(then, call, parts, claimed, grants).verdict())) {
        offers.add(offer(override));
      }
    }
    return offers;
  }

  private static boolean works(UserOverride override, Verdict then) {
    if (override.level() == OverrideLevel.ALWAYS) {
      return then instanceof Verdict.Allow;
    }
    // One override more may only have made it too much to be judged.
    return then instanceof Verdict.Deny deny && deny.by() != DecidedBy.SYSTEM;
  }

  private static Offer offer(UserOverride override) {
    String verb = override.level() == OverrideLevel.ALWAYS ? "Always allow " : "Never allow ";
    return new Offer(
        override.level(), override.tool(), override.resource(), verb + Overrides.shown(override));
  }

  private static String resource(CallPart part) {
    if (part.command() != null) {
      return part.doubt() == null ? CommandPrefix.of(part.command()) : null;
    }
    if (part.inShell() || part.touches().size() != 1) {
      return null;
    }
    Touch touch = part.touches().get(0);
    if (touch instanceof Touch.HostTouch host) {
      return host.host();
    }
    Touch.PathTouch path = (Touch.PathTouch) touch;
    String place = path.places().size() == 1 ? path.places().get(0) : "*";
    return place.indexOf('*') < 0 && place.length() <= LONGEST ? place : null;
  }
}

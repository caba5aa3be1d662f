package dev.countersign.policy;

import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.CommandText;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.shell.KnownChanges;
import dev.countersign.policy.shell.Part.Reach;
import java.util.List;

/**
 * What plan mode lets through. It denies what is known to change anything but the plan file. What
 * is not proven to only read waits for a person, whatever allows it elsewhere; only an allow rule
 * marked {@code diagnostic} and an approval of the identical call given in plan mode count there.
 */
final class PlanGate {
  private PlanGate() {}

  static Finding look(CallPart part, Case one) {
    if (part.kind() == ToolKind.SWITCH_MODE && widens(one)) {
      return Finding.ask(DecidedBy.MODE, null, Reasons.switchMode()).asFirm();
    }
    if (!one.planning()) {
      return Finding.pass("not in plan mode");
    }
    return changes(part) && !one.writesThePlan(part)
        ? Finding.deny(DecidedBy.MODE, null, Reasons.planGate())
        : Finding.pass("it changes nothing that is known");
  }

  /** Whether what allows a part elsewhere does not allow it here. */
  static boolean bars(CallPart part, Case one) {
    return one.planning() && !reads(part) && !one.writesThePlan(part);
  }

  private static boolean changes(CallPart part) {
    return switch (part.kind()) {
      case EDIT, DELETE, MOVE -> true;
      case EXECUTE ->
          part.reach() == Reach.EDIT
              || part.reach() == Reach.DELETE
              || part.paths().stream().anyMatch(PathTouch::writes)
              || part.reach() != Reach.READ && part.command() != null && known(part.command());
      case READ, SEARCH, THINK, FETCH, SWITCH_MODE, OTHER -> false;
    };
  }

  private static boolean known(CommandText command) {
    return KnownChanges.holds(command.words())
        || command.readings().stream()
            .anyMatch(reading -> KnownChanges.holds(List.of(reading.split(" +"))));
  }

  /** Whether a part is proven to only read. */
  private static boolean reads(CallPart part) {
    return switch (part.kind()) {
      case READ, SEARCH, THINK, SWITCH_MODE -> true;
      case EXECUTE ->
          part.doubt() == null
              && part.reach() == Reach.READ
              && part.command().allowable()
              && part.hosts().isEmpty()
              && part.paths().stream().noneMatch(PathTouch::writes);
      case EDIT, DELETE, MOVE, FETCH, OTHER -> false;
    };
  }

  /** Whether every call of such a tool is barred: none is proven to only read. */
  static boolean bars(ToolKind kind) {
    return kind == ToolKind.FETCH || kind == ToolKind.OTHER;
  }

  private static boolean widens(Case one) {
    if (one.bypass()) {
      return false;
    }
    if (!one.call().entry().has("mode")) {
      return one.planning() && !one.call().tool().startsWith("Enter");
    }
    Object target = one.call().entry().value("mode", one.call().input()).orElse(null);
    return !(target instanceof String word)
        || PermissionMode.of(word).map(m -> m.compareTo(one.permissions().mode()) > 0).orElse(true);
  }
}

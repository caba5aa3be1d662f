package dev.countersign.approval.grants;

import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.OverrideNames;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Permissions;
import dev.countersign.policy.PolicySource;
import dev.countersign.policy.UserOverride;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is wrong with an order for a grant, by itself; pure. */
final class GrantCheck {
  /** More uses than anybody counts: then an override is meant. */
  static final int MOST_USES = 10_000;

  private static final Duration LONGEST = Duration.ofDays(3660);
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:@+-]{1,128}");
  private static final Permissions ANY =
      new Permissions(PermissionMode.DEFAULT, null, null, null, false, List.of(), null);

  private GrantCheck() {}

  /**
   * Passes an order that can be given.
   *
   * @param now the database's clock
   * @return when it ends; null if it has no end
   */
  static Instant passed(GrantOrder order, Instant now) {
    level(order);
    scope(order);
    names(order);
    return end(order.until(), now);
  }

  private static void level(GrantOrder order) {
    Optional<OverrideLevel> level = OverrideLevel.of(order.level());
    if (level.isEmpty()) {
      throw invalid("level must be always where uses, session or turn are given");
    }
    if (level.get() != OverrideLevel.ALWAYS) {
      throw invalid(
          "uses, session and turn go only with the level always; for one session add the rule to"
              + " its own rules (PATCH /v1/sessions/{id}), for some time settle "
              + order.level()
              + " with until");
    }
  }

  private static void scope(GrantOrder order) {
    if (order.uses() == null && order.session() == null && order.turn() == null) {
      throw invalid("name uses, a session or a turn; without them it is an override");
    }
    if (order.uses() != null && (order.uses() < 1 || order.uses() > MOST_USES)) {
      throw invalid("uses must be from 1 to " + MOST_USES + "; found " + order.uses());
    }
    if (order.turn() != null && order.session() == null) {
      throw invalid("a turn needs its session");
    }
    id("session", order.session());
    id("turn", order.turn());
  }

  private static void id(String field, String text) {
    if (text != null && !ID.matcher(text).matches()) {
      throw invalid(field + " must have 1 to 128 letters, digits and . _ : @ + -");
    }
  }

  private static void names(GrantOrder order) {
    OverrideNames.faultOfTool(order.tool())
        .or(
            () ->
                order.resource() == null
                    ? Optional.empty()
                    : OverrideNames.faultOfResource(order.resource()))
        .ifPresent(
            fault -> {
              throw invalid(fault);
            });
    UserOverride settled = new UserOverride(order.tool(), order.resource(), OverrideLevel.ALWAYS);
    try {
      CompiledPolicy.compile(new PolicySource(ANY, List.of(), List.of(settled), List.of(), false));
    } catch (InvalidRulesException e) {
      throw invalid(e.problems().get(0).reason());
    }
  }

  private static Instant end(String until, Instant now) {
    if (until == null) {
      return null;
    }
    Instant end;
    try {
      end = OffsetDateTime.parse(until).toInstant();
    } catch (DateTimeException e) {
      throw invalid("until must be an instant such as \"2030-01-31T12:00:00Z\"");
    }
    if (!end.isAfter(now)) {
      throw invalid("until is in the past: here it is " + now);
    }
    if (end.isAfter(now.plus(LONGEST))) {
      throw invalid("until is more than ten years away; leave it out to mean no end");
    }
    return end;
  }

  private static RefusedGrantException invalid(String detail) {
    return new RefusedGrantException("invalid_override", detail);
  }
}

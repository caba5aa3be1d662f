package dev.countersign.approval.grants;

import dev.countersign.document.DocumentRules;
import dev.countersign.document.Expiry;
import dev.countersign.policy.OverrideLevel;
import dev.countersign.protocol.Identifiers;
import java.time.Instant;
import java.util.Optional;

/** What is wrong with an order for a grant, by itself; pure. */
final class GrantCheck {
  /** More uses than anybody counts: then an override is meant. */
  static final int MOST_USES = 10_000;

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
    if (text != null && !Identifiers.isId(text)) {
      throw invalid(field + " " + Identifiers.ID_RULE);
    }
  }

  private static void names(GrantOrder order) {
    DocumentRules.faultOf(order.tool(), order.resource(), order.level())
        .ifPresent(
            fault -> {
              throw invalid(fault);
            });
  }

  private static Instant end(String until, Instant now) {
    if (until == null) {
      return null;
    }
    Expiry.faultOf(until, now)
        .ifPresent(
            fault -> {
              throw invalid("until " + fault);
            });
    return Expiry.end(until);
  }

  private static RefusedGrantException invalid(String detail) {
    return new RefusedGrantException("invalid_override", detail);
  }
}

package dev.countersign.local.demo;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;

/** What a scene must come to. */
record Expected(Effect effect, DecidedBy decidedBy, String code, boolean prompted) {
  static Expected allowed(DecidedBy by) {
    return new Expected(Effect.ALLOW, by, "allowed", by == DecidedBy.USER);
  }

  static Expected denied(DecidedBy by) {
    return new Expected(Effect.DENY, by, "denied", by == DecidedBy.USER);
  }

  static Expected timedOut() {
    return new Expected(Effect.DENY, DecidedBy.TIMEOUT, "timeout", true);
  }

  static Expected reused() {
    return new Expected(Effect.DENY, DecidedBy.SYSTEM, "request_id_reused", false);
  }

  /** What differs, in words; empty if nothing does. */
  String differences(PermissionReply actual) {
    StringBuilder words = new StringBuilder();
    compare(words, "effect", effect, actual.effect());
    compare(words, "decidedBy", decidedBy, actual.decidedBy());
    compare(words, "code", code, actual.code());
    compare(words, "a person was asked", prompted, actual.promptId() != null);
    return words.toString();
  }

  private static void compare(StringBuilder words, String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      words.append(words.isEmpty() ? "" : ", ");
      words.append("%s: %s instead of %s".formatted(what, actual, expected));
    }
  }
}

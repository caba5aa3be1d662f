package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No text says or implies that a person approved what no person saw. */
class ReasonsTest {
  private static final Pattern PERSON_CHOSE =
      Pattern.compile("(?i)approved|declined|you (allowed|denied)|person (allowed|denied|chose)");

  private static final Map<DecidedBy, List<String>> TEXTS =
      Map.of(
          DecidedBy.RULE,
          List.of(
              Reasons.allowedByRule("R"),
              Reasons.deniedByRule("R"),
              Reasons.deniedUnread("R", "why"),
              Reasons.askedByRule("R"),
              Reasons.askedUnread("R", "why"),
              Reasons.askedByAgent("why")),
          DecidedBy.OVERRIDE,
          List.of(
              Reasons.override(OverrideLevel.ALWAYS, "R"),
              Reasons.override(OverrideLevel.ASK, "R"),
              Reasons.override(OverrideLevel.NEVER, "R")),
          DecidedBy.MODE,
          List.of(
              Reasons.mode(PermissionMode.BYPASS_PERMISSIONS),
              Reasons.planGate(),
              Reasons.switchMode()),
          DecidedBy.DEFAULT,
          List.of(Reasons.byDefault(), Reasons.askedByDefault(), Reasons.deniedByDefault()),
          DecidedBy.POLICY,
          List.of(
              Reasons.boundary("why"),
              Reasons.nobody(null),
              Reasons.nobody("why"),
              Reasons.switchModeHeadless()),
          DecidedBy.TIMEOUT,
          List.of(Reasons.timeout("10:00")),
          DecidedBy.CANCELLED,
          List.of(Reasons.cancelled()),
          DecidedBy.SYSTEM,
          List.of(Reasons.system("why")));

  @Test
  void onlyAPersonsAnswerSaysSo() {
    TEXTS.forEach(
        (by, texts) ->
            texts.forEach(
                text -> assertFalse(PERSON_CHOSE.matcher(text).find(), by + ": " + text)));
    assertTrue(PERSON_CHOSE.matcher(Reasons.user(true, "ann", null)).find());
    assertTrue(PERSON_CHOSE.matcher(Reasons.user(false, "ann", "not now")).find());
  }

  @Test
  void everyStampHasItsText() {
    List<DecidedBy> missing = new ArrayList<>(List.of(DecidedBy.values()));
    missing.removeAll(TEXTS.keySet());
    missing.removeAll(List.of(DecidedBy.USER, DecidedBy.GRANT));
    assertTrue(missing.isEmpty(), missing::toString);
  }

  @Test
  void noDecisionOfAnyScenarioSaysThatAPersonChose() {
    for (Scenario scenario : Scenario.all()) {
      Map<String, Object> result = Evaluation.evaluate(scenario.input());
      String reason = String.valueOf(result.get("reason"));
      assertFalse(PERSON_CHOSE.matcher(reason).find(), () -> scenario + ": " + reason);
    }
  }
}

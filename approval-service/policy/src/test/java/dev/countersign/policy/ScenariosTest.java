package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sentence of the order of decision, proven by the scenario file named after it. */
class ScenariosTest {
  static List<Scenario> scenarios() {
    return Scenario.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void holds(Scenario scenario) {
    Map<String, Object> result = Evaluation.evaluate(scenario.input());
    assertEquals(scenario.then(), result.get("effect"), () -> scenario.name() + " " + result);
    if (scenario.by() != null) {
      assertEquals(scenario.by(), result.get("decidedBy"), () -> scenario.name() + " " + result);
    }
    if (scenario.says() != null) {
      String reason = (String) result.get("reason");
      assertTrue(reason.contains(scenario.says()), reason);
    }
    if (scenario.offers() != null) {
      assertEquals(scenario.offers(), alwaysOffers(result), () -> scenario.name() + " " + result);
    }
  }

  private static List<Object> alwaysOffers(Map<String, Object> result) {
    return ((List<?>) result.getOrDefault("offers", List.of()))
        .stream()
            .map(offer -> (Map<?, ?>) offer)
            .filter(offer -> offer.get("level").equals("always"))
            .<Object>map(offer -> offer.get("resource"))
            .toList();
  }

  @Test
  void thereAreMoreThanThreeHundred() {
    assertTrue(scenarios().size() >= 300, () -> scenarios().size() + " scenarios");
  }
}

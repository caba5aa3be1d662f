package dev.countersign.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScrapeTest {
  private static final Scrape BEFORE =
      Scrape.parse(
          """
          # HELP decisions_total Requests
          # TYPE decisions_total counter
          decisions_total{mode="plan",effect="deny"} 2.0
          plain 3
          """);
  private static final Scrape AFTER =
      Scrape.parse(
          """
          decisions_total{effect="deny",mode="plan"} 5.0
          decisions_total{effect="allow",mode="a, \\"b\\"=c"} 1.0
          plain 3
          bound_bucket{le="+Inf"} +Inf
          """);

  @Test
  void aSeriesIsFoundInWhateverOrderItsLabelsStand() {
    assertEquals(2, BEFORE.value("decisions_total", "effect", "deny", "mode", "plan"));
    assertEquals(5, AFTER.value("decisions_total", "mode", "plan", "effect", "deny"));
    assertEquals(0, AFTER.value("decisions_total", "effect", "deny"));
  }

  @Test
  void growthIsWhatWasAddedAndNamesAreWithoutLabels() {
    String added = "decisions_total{effect=\"allow\",mode=\"a, \\\"b\\\"=c\"}";
    assertEquals(
        Map.of("decisions_total{effect=\"deny\",mode=\"plan\"}", 3.0, added, 1.0),
        AFTER.growth("decisions_total", BEFORE));
    assertEquals(Map.of(), AFTER.growth("plain", BEFORE));
    assertEquals(Set.of(added, "bound_bucket{le=\"+Inf\"}"), AFTER.newSince(BEFORE));
    assertEquals(Set.of("decisions_total", "plain", "bound_bucket"), AFTER.names());
  }

  @Test
  void whatIsNoSampleIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Scrape.parse("<html>"));
  }
}

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
  void newSeriesOfOthersAreNotOurs() {
    Scrape before = Scrape.parse("countersign_a 1");
    Scrape after =
        Scrape.parse(
            """
            countersign_a 2
            countersign_b 1
            jvm_threads_live 7
            kafka_lag{topic="a"} 1
            kafkaesque 1
            process_cpu_usage 0.1
            system_cpu_usage 0.1
            """);
    assertEquals(Set.of("countersign_b", "kafkaesque"), after.ownNewSince(before));
  }

  @Test
  void topicsAreReadFromTheSeriesThatBeginSo() {
    Scrape scrape =
        Scrape.parse(
            """
            lag{client="c",topic="a.b",partition="1"} 1
            lag{other_topic="x"} 1
            lag_max{topic="d"} 1
            records{topic="e"} 1
            """);
    assertEquals(Set.of("a.b", ""), scrape.topics("lag{"));
    assertEquals(Set.of("a.b", "", "d"), scrape.topics("lag"));
  }

  @Test
  void whatIsNoSampleIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Scrape.parse("<html>"));
  }
}

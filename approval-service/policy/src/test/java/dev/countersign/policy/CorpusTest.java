package dev.countersign.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A corpus of cases from elsewhere, where one is at hand ({@code -Dcountersign.corpus=FILE}). */
class CorpusTest {
  @Test
  @EnabledIfSystemProperty(
      named = "countersign.corpus",
      matches = ".+",
      disabledReason = "no corpus at hand: name one with -Dcountersign.corpus=FILE")
  void meetsTheBar() throws IOException {
    CorpusRunner.Result result =
        CorpusRunner.run(Path.of(System.getProperty("countersign.corpus")), true);
    assertEquals(0, result.wrongAllows(), "wrongly allowed");
    assertEquals(0, result.missedDenies(), "not denied");
    assertEquals(0, result.wrongStamps(), "wrong stamps");
    assertEquals(0, result.errors(), "refused as bad cases");
    assertTrue(share(result, "core") >= 0.99, "core");
    assertTrue(share(result, "stretch") >= 0.85, "stretch");
  }

  private static double share(CorpusRunner.Result result, String tier) {
    int[] counts = result.rightOfAll().getOrDefault(tier, new int[] {1, 1});
    return (double) counts[0] / counts[1];
  }
}

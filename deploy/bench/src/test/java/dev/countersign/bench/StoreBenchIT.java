package dev.countersign.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The store's benchmark works; its figures are not looked at. */
@Timeout(300)
class StoreBenchIT {
  @Test
  @Tag("full")
  void everyFigureIsTaken() throws Exception {
    Duration moment = Duration.ofMillis(100);
    StoreBench bench =
        new StoreBench(new StoreBench.Plan(List.of(20, 200), 1, Duration.ZERO, moment));

    StoreReport report =
        bench.run(
            Path.of("../../permission-store/target/quarkus-app/quarkus-run.jar").toAbsolutePath(),
            0);

    String table = report.markdown();
    assertEquals(4, ((List<?>) report.json().get("pairs")).size());
    assertTrue(table.contains("| 200 | 32 |"), table);
    assertTrue(!table.contains("NaN"), table);
  }
}

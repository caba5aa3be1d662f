package dev.countersign.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

class MetricsTableTest {
  private static final String SERVICE = "agent-gateway";

  @Test
  void whatIsNotShownIsMissingAndWhatIsNotPromisedIsUndocumented() {
    SortedSet<String> rest = MetricsTable.of(SERVICE);
    String shown = rest.first();
    rest.remove(shown);
    Scrape scrape =
        Scrape.parse(shown + " 1\ncountersign_surprise 1\njvm_threads_live_threads 1\n");
    assertEquals(rest, MetricsTable.missing(SERVICE, scrape));
    assertEquals(Set.of("countersign_surprise"), MetricsTable.undocumented(SERVICE, scrape));
  }
}

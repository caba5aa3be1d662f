package dev.countersign.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class NamesTest {
  @Test
  void aResourceMayBeACommandOfSeveralLines() {
    assertEquals(Optional.empty(), Names.faultOfResource("cat <<E\n\tx\nE"));
    assertTrue(Names.faultOfResource("a\u0007").isPresent());
    assertTrue(Names.faultOfTool("a\nb").isPresent());
    assertTrue(Names.faultOfTool(" a").isPresent());
    assertTrue(Names.faultOfResource("x".repeat(4097)).isPresent());
  }

  @Test
  void aQuotationShowsWhatCannotBeSeen() {
    assertEquals("\"a\\u0000b\"", Names.quoted("a\u0000b"));
    assertEquals(83, Names.quoted("x".repeat(500)).length());
  }

  @Test
  void aRemarkIsStoredWithWhatPostgresRefusesReplaced() {
    assertEquals("a\uFFFDb\n\uFFFD", Names.storable("a\u0000b\n\ud800"));
    assertNull(Names.storable(null));
  }
}

package dev.countersign.store.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.store.users.Expected;
import org.junit.jupiter.api.Test;

class ETagsTest {
  @Test
  void namesTheVersionsOfAList() {
    Expected expected = ETags.required("\"3\", \"5\"");
    assertTrue(expected.accepts(3));
    assertTrue(expected.accepts(5));
    assertFalse(expected.accepts(4));
  }

  @Test
  void weakAndForeignTagsNameNoVersion() {
    assertFalse(ETags.required("W/\"3\"").accepts(3));
    assertFalse(ETags.required("\"abc\"").accepts(0));
    assertFalse(ETags.required("\"99999999999999999999\"").accepts(0));
  }

  /** A proxy that packs an answer may make its tag a weak one. */
  @Test
  void ifNoneMatchIsComparedWeakly() {
    for (String tags : new String[] {"W/\"3\"", "\"3\"", "\"2\", W/\"3\"", "*"}) {
      assertTrue(ETags.matches(tags, 3), tags);
    }
    for (String tags : new String[] {null, "W/\"4\"", "W/\"abc\""}) {
      assertFalse(ETags.matches(tags, 3), tags);
    }
  }

  @Test
  void aWholeWriteMustNameOne() {
    for (String none : new String[] {null, "", " ", "*"}) {
      ProblemException e = assertThrows(ProblemException.class, () -> ETags.required(none));
      assertEquals(428, e.problem().status());
    }
    assertEquals(Expected.ANY, ETags.optional(null));
  }

  @Test
  void whatIsNoListOfTagsIsRefused() {
    for (String bad : new String[] {"3", "\"3\" \"4\"", "\"3\",x", "\"3"}) {
      ProblemException e = assertThrows(ProblemException.class, () -> ETags.required(bad), bad);
      assertEquals(400, e.problem().status());
    }
  }
}

package dev.countersign.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.Test;

class OverrideDocumentTest {
  @Test
  void compactionNeverMixesTheDocumentsOfTwoTenants() {
    assertEquals("ann", document("default").key());
    assertNotEquals(document("default").key(), document("acme").key());
    assertEquals("ann", OverrideDocument.userOf(document("default").key()));
    assertEquals("ann", OverrideDocument.userOf(document("acme").key()));
    assertNotEquals(document("default", "acme/ann").key(), document("acme", "ann").key());
  }

  @Test
  void aTombstonesKeyTellsEveryUser() {
    for (String user : Users.REAL) {
      assertEquals(user, OverrideDocument.userOf(document("default", user).key()));
      assertEquals(user, OverrideDocument.userOf(document("acme", user).key()));
    }
  }

  private static OverrideDocument document(String tenant) {
    return document(tenant, "ann");
  }

  private static OverrideDocument document(String tenant, String user) {
    return new OverrideDocument(tenant, user, 1, JsonNodeFactory.instance.objectNode());
  }
}

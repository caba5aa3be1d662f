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
  }

  private static OverrideDocument document(String tenant) {
    return new OverrideDocument(tenant, "ann", 1, JsonNodeFactory.instance.objectNode());
  }
}

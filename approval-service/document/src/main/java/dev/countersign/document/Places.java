package dev.countersign.document;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import java.util.HashMap;
import java.util.Map;

/** Where in a document each rule, tool and resource stands, by its text; the first place counts. */
final class Places {
  private final Map<String, Fault> byText = new HashMap<>();

  void put(String text, String path, JsonParser at) {
    JsonLocation location = at.currentTokenLocation();
    byText.putIfAbsent(text, new Fault(location.getLineNr(), location.getColumnNr(), path, ""));
  }

  Fault of(String text) {
    Fault known = byText.get(text);
    return known != null ? known : new Fault(0, 0, text == null ? "$" : Names.quoted(text), "");
  }
}

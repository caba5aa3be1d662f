package dev.countersign.document;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one document; keeps the first 20 faults. */
final class Faults {
  static final int MAX = 20;

  private final List<Fault> list = new ArrayList<>();

  void add(JsonParser at, String path, String detail) {
    JsonLocation location = at.currentTokenLocation();
    add(new Fault(location.getLineNr(), location.getColumnNr(), path, detail));
  }

  void add(Fault place, String detail) {
    add(new Fault(place.line(), place.column(), place.path(), detail));
  }

  private void add(Fault fault) {
    if (list.size() < MAX) {
      list.add(fault);
    }
  }

  boolean isEmpty() {
    return list.isEmpty();
  }

  void throwIfAny() throws InvalidDocumentException {
    if (!list.isEmpty()) {
      throw new InvalidDocumentException("invalid_document", list);
    }
  }
}

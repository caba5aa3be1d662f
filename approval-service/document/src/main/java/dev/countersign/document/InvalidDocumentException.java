package dev.countersign.document;

import java.util.ArrayList;
import java.util.List;

/** A document that cannot be stored; every fault that was found is listed, the first ones first. */
public final class InvalidDocumentException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final ArrayList<Fault> faults;

  InvalidDocumentException(String code, List<Fault> faults) {
    super(
        faults.get(0).sentence()
            + (faults.size() == 1 ? "" : " (and %d more)".formatted(faults.size() - 1)));
    this.code = code;
    this.faults = new ArrayList<>(faults);
  }

  /** {@code malformed_json}, {@code invalid_document} or {@code too_large}. */
  public String code() {
    return code;
  }

  public List<Fault> faults() {
    return List.copyOf(faults);
  }
}

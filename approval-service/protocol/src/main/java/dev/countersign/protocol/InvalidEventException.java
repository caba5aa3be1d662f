package dev.countersign.protocol;

/** A value that breaks the protocol. The message names the field and what would be right. */
public final class InvalidEventException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String field;

  public InvalidEventException(String field, String problem) {
    super(field + " " + problem);
    this.field = field;
  }

  /** The JSON path of the field at fault, or {@code $} for the whole value. */
  public String field() {
    return field;
  }
}

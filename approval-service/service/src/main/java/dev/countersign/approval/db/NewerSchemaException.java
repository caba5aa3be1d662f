package dev.countersign.approval.db;

/**
 * Something stored names a schema that this version of the service does not know. What it says
 * beyond what is known could be a limit, so nothing is decided by it.
 */
public final class NewerSchemaException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The code of a reply or a problem. */
  public static final String CODE = "newer_schema";

  NewerSchemaException(String what, int version) {
    super(
        "%s were stored with schemaVersion %d, and this version of the service reads only %d"
            .formatted(what, version, StoredJson.SCHEMA_VERSION));
  }
}

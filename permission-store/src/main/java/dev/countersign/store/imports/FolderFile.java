package dev.countersign.store.imports;

import java.nio.file.Path;
import java.time.Instant;

/** What the import folder holds for one name. */
sealed interface FolderFile {
  /** The name of the folder: a user id, if it is one. */
  String user();

  /**
   * A file to import.
   *
   * @param shown its path below the import folder
   * @param file where it really is, inside the import folder
   */
  record Found(String user, String shown, Path file, Instant modified) implements FolderFile {}

  /** Something that is not imported. */
  record Refused(String user, String shown, String code, String detail) implements FolderFile {}
}

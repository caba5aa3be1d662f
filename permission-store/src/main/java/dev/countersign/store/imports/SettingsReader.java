package dev.countersign.store.imports;

import java.util.List;

/** Reads one format: every line that says something about permissions becomes one item. */
interface SettingsReader {
  /**
   * Reads a file.
   *
   * @return items in the order in which they take effect here; no item allows what the file does
   *     not allow
   */
  List<Item> read(String text) throws UnreadableFileException;
}

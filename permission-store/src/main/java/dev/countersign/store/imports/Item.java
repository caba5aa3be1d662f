package dev.countersign.store.imports;

import java.util.List;

/**
 * What one line of a file means here, whatever document it goes to.
 *
 * @param line from 1; 0 where the file names no place
 * @param source what stands there, short
 * @param entries what it becomes; empty if it cannot be carried over
 * @param note why it became narrower or was left out; null if there is nothing to say
 */
record Item(int line, String source, List<Entry> entries, boolean tightened, String note) {
  Item {
    entries = List.copyOf(entries);
  }

  static Item carried(int line, String source, List<Entry> entries, String note) {
    return new Item(line, source, entries, false, note);
  }

  static Item tightened(int line, String source, List<Entry> entries, String note) {
    return new Item(line, source, entries, true, note);
  }

  static Item leftOut(int line, String source, String why) {
    return new Item(line, source, List.of(), false, why);
  }
}

package dev.countersign.embedded;

import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an erase leaves of each column, read from {@code docs/erasure.md}: the table behind {@code
 * <!-- oracle: database -->}.
 */
public final class ErasureTable {
  /** What becomes of a column's content, by the first word of the last cell. */
  public enum Fate {
    /** It may quote the document, and quotes it no more. */
    ERASED,
    /** It goes with its row, or something that says nothing takes its place. */
    GONE,
    /** It is no part of the document. */
    STAYS
  }

  private final SortedMap<String, Fate> columns = new TreeMap<>();

  private ErasureTable() {}

  /**
   * Reads the page of the checkout that this process runs in.
   *
   * @throws IllegalStateException if there is none above the working folder
   */
  public static ErasureTable of(String database) {
    ErasureTable read = new ErasureTable();
    DocTables.of("docs/erasure.md").getOrDefault(database, List.of()).stream()
        .skip(1)
        .forEach(read::add);
    return read;
  }

  private void add(List<String> cells) {
    Fate fate = Fate.valueOf(cells.get(2).split("[^a-z]", 2)[0].toUpperCase(Locale.ROOT));
    for (String column : cells.get(1).split(" ")) {
      if (columns.put(cells.get(0) + "." + column, fate) != null) {
        throw new IllegalStateException(cells.get(0) + "." + column + " stands twice on the page");
      }
    }
  }

  /** Every column on the page, as {@code table.column}. */
  public SortedSet<String> columns() {
    return new TreeSet<>(columns.keySet());
  }

  /** The columns that may quote a document until it is erased. */
  public SortedSet<String> erased() {
    SortedSet<String> erased = columns();
    erased.removeIf(column -> columns.get(column) != Fate.ERASED);
    return erased;
  }
}

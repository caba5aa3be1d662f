package dev.countersign.approval.db;

import io.vertx.mutiny.sqlclient.Row;
import java.util.List;

/**
 * The first of some rows, as many as memory bears at once. What they hold is counted before it is
 * read: each says it in its column {@code bytes}.
 *
 * @param rows in their order; at least one of those there are
 * @param whole whether it is all of them
 */
public record Slice(List<Row> rows, boolean whole) {
  /** The first rows that come to so many bytes, or the very first if it has more. */
  public static Slice of(List<Row> rows, long most) {
    long bytes = 0;
    for (int i = 0; i < rows.size(); i++) {
      bytes += rows.get(i).getLong("bytes");
      if (i > 0 && bytes > most) {
        return new Slice(rows.subList(0, i), false);
      }
    }
    return new Slice(rows, true);
  }
}

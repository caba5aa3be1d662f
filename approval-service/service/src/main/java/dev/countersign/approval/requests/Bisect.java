package dev.countersign.approval.requests;

import dev.countersign.approval.db.SqlErrors;
import java.util.List;
import java.util.function.Consumer;

/** Stores a batch of which some rows may hold what the database refuses. */
final class Bisect {
  private Bisect() {}

  /**
   * Stores all rows but those whose data the database refuses.
   *
   * @param store stores rows all or none
   * @param refused hears of each row that cannot be stored
   */
  static <T> void store(List<T> rows, Consumer<List<T>> store, Consumer<T> refused) {
    try {
      store.accept(rows);
    } catch (RuntimeException e) {
      if (!SqlErrors.dataAtFault(e)) {
        throw e;
      }
      if (rows.size() == 1) {
        refused.accept(rows.get(0));
        return;
      }
      int half = rows.size() / 2;
      store(rows.subList(0, half), store, refused);
      store(rows.subList(half, rows.size()), store, refused);
    }
  }
}

package dev.countersign.approval.db;

import io.vertx.pgclient.PgException;

/** What a failure of Postgres means for us. */
public final class SqlErrors {
  private SqlErrors() {}

  /** The data is at fault (SQLSTATE classes 22, 23, 54): trying again cannot help. */
  public static boolean dataAtFault(Throwable failure) {
    String state = sqlState(failure);
    return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
  }

  /** A deadlock or a serialization failure: trying again helps. */
  public static boolean transientConflict(Throwable failure) {
    String state = sqlState(failure);
    return state.equals("40001") || state.equals("40P01");
  }

  /** Another transaction stored the same key first: whoever looks again finds it. */
  public static boolean raced(Throwable failure) {
    return sqlState(failure).equals("23505");
  }

  private static String sqlState(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof PgException pg && pg.getSqlState() != null) {
        return pg.getSqlState();
      }
    }
    return "";
  }
}

package dev.countersign.approval.db;

import io.vertx.pgclient.PgException;
import java.util.Set;

/** What a failure of Postgres means for us. */
public final class SqlErrors {
  /**
   * SQLSTATE classes and codes that tell of the database's state, not of what was sent: connections
   * (08), conflicts (40), resources (53), an operator's hand (57), the system (58), logging in
   * (28), a database that is not there (3D) or may not be used (42501), a lock that is not to be
   * had, a standby that takes no writes (25006) or says nothing of its log (55000), and a
   * transaction that stood still for so long that Postgres ended it (25P03).
   */
  private static final Set<String> PASSING =
      Set.of("08", "28", "3D", "40", "53", "55000", "57", "58", "25006", "25P03", "42501", "55P03");

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

  /** The statement, or a lock it waited for, took longer than it may: less of it may not. */
  public static boolean tookTooLong(Throwable failure) {
    String state = sqlState(failure);
    return state.equals("57014") || state.equals("55P03");
  }

  /** Whether a SQLSTATE tells of something that passes or that an operator mends. */
  public static boolean passing(PgException failure) {
    String state = failure.getSqlState();
    return state != null
        && state.length() >= 2
        && (PASSING.contains(state) || PASSING.contains(state.substring(0, 2)));
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

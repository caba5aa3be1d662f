package dev.countersign.store.commands;

import io.vertx.pgclient.PgException;
import java.util.Set;

/** What a failed transaction means for its command. */
enum FailureKind {
  /** Postgres refuses this very text; it will every time. */
  DATA,

  /** Something is away, busy or lost a race; the same again may succeed. */
  PASSING;

  private static final Set<String> DATA_CLASSES = Set.of("22", "54");

  static FailureKind of(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause() == t ? null : t.getCause()) {
      if (t instanceof PgException pg && pg.getSqlState() != null) {
        return DATA_CLASSES.contains(pg.getSqlState().substring(0, 2)) ? DATA : PASSING;
      }
    }
    return PASSING;
  }
}

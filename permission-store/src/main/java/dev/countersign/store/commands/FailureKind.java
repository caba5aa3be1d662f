package dev.countersign.store.commands;

import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;

/** What a failed transaction means for its command. */
public enum FailureKind {
  /** Postgres refuses this very text; it will every time. */
  DATA,

  /**
   * Whatever is not known to pass: after a few tries, trying again would only stop every command
   * behind this one. A uniqueness error is of this kind: a lost race is over at the second try.
   */
  FAULT,

  /** Kafka or Postgres is unavailable, busy, or let another one win; the same again may succeed. */
  PASSING;

  private static final Set<String> DATA_CLASSES = Set.of("22", "54");

  /** SQLSTATE classes and codes that tell of the database's state, not of what was sent. */
  private static final Set<String> PASSING_STATES =
      Set.of("08", "28", "3D", "40", "53", "55000", "57", "58", "25006", "25P03", "42501", "55P03");

  /** The kind of a failure. */
  public static FailureKind of(Throwable failure) {
    boolean passing = false;
    for (Throwable t = failure; t != null; t = t.getCause() == t ? null : t.getCause()) {
      if (t instanceof PgException pg && pg.getSqlState() != null) {
        return of(pg.getSqlState());
      }
      if (t instanceof UncheckedIOException) {
        // Jackson's, for what it cannot write.
        return FAULT;
      }
      passing |= ofInfrastructure(t);
    }
    return passing ? PASSING : FAULT;
  }

  private static FailureKind of(String state) {
    String group = state.substring(0, Math.min(2, state.length()));
    if (DATA_CLASSES.contains(group)) {
      return DATA;
    }
    return PASSING_STATES.contains(state) || PASSING_STATES.contains(group) ? PASSING : FAULT;
  }

  private static boolean ofInfrastructure(Throwable t) {
    return t instanceof RetriableException
        || t instanceof AuthenticationException
        || t instanceof AuthorizationException
        || t instanceof IOException
        || t instanceof TimeoutException
        || t instanceof io.smallrye.mutiny.TimeoutException
        // What the Postgres client says of a connection or a pool that is gone.
        || t instanceof VertxException
        || t instanceof NoStackTraceThrowable;
  }
}

package dev.countersign.store.commands;

import dev.countersign.protocol.InvalidEventException;
import io.vertx.pgclient.PgException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;

/** What a failed transaction means for its command. */
enum FailureKind {
  /** Postgres refuses this very text; it will every time. */
  DATA,

  /** A fault of this program: trying again would stop every command behind this one. */
  FAULT,

  /** Something is away, busy or lost a race; the same again may succeed. */
  PASSING;

  private static final Set<String> DATA_CLASSES = Set.of("22", "54");

  private static final Set<Class<? extends Throwable>> FAULTS =
      Set.of(
          NullPointerException.class,
          IllegalArgumentException.class,
          InvalidEventException.class,
          ClassCastException.class,
          IndexOutOfBoundsException.class,
          RecordTooLargeException.class,
          SerializationException.class,
          UncheckedIOException.class,
          UnsupportedOperationException.class);

  static FailureKind of(Throwable failure) {
    boolean fault = false;
    for (Throwable t = failure; t != null; t = t.getCause() == t ? null : t.getCause()) {
      fault |= FAULTS.stream().anyMatch(t.getClass()::equals);
      if (t instanceof PgException pg && pg.getSqlState() != null) {
        return DATA_CLASSES.contains(pg.getSqlState().substring(0, 2)) ? DATA : PASSING;
      }
    }
    return fault ? FAULT : PASSING;
  }
}

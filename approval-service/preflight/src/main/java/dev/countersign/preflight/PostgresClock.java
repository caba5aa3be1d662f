package dev.countersign.preflight;

import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.time.OffsetDateTime;

/** The clock of the machine of a service's database. */
public final class PostgresClock implements ReferenceClock {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Pool pool;

  public PostgresClock(Pool pool) {
    this.pool = pool;
  }

  @Override
  public String name() {
    return "Postgres";
  }

  @Override
  public Reading read() {
    OffsetDateTime time =
        pool.query("SELECT clock_timestamp()")
            .execute()
            .map(rows -> rows.iterator().next().getOffsetDateTime(0))
            .await()
            .atMost(PATIENCE);
    return Reading.of(time.toInstant());
  }
}

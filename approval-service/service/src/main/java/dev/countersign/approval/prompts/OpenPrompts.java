package dev.countersign.approval.prompts;

import dev.countersign.approval.db.Database;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/**
 * Shows how many prompts are open in the whole system and how long the oldest has been, as the
 * database last said. Not a number while it does not say.
 */
@ApplicationScoped
public class OpenPrompts {
  /** As it is called where its progress is shown. */
  public static final String NAME = "open prompts";

  /** More are not counted: the query stays short however many there are. */
  static final int MOST = 10_000;

  private static final Logger LOG = Logger.getLogger(OpenPrompts.class);
  private static final String SQL =
      """
      SELECT
        (SELECT count(*) FROM
          (SELECT FROM request WHERE state = 'open' ORDER BY seq LIMIT %d) counted) AS open,
        coalesce(
          (SELECT extract(epoch FROM clock_timestamp() - p.opened_at)
           FROM request r JOIN prompt p ON p.tenant = r.tenant AND p.id = r.prompt_id
           WHERE r.state = 'open' ORDER BY r.seq LIMIT 1), 0)::double precision AS oldest
      """
          .formatted(MOST);

  private final Database database;
  private volatile double open = Double.NaN;
  private volatile double oldest = Double.NaN;

  public OpenPrompts(Database database, MeterRegistry registry) {
    this.database = database;
    Gauge.builder("countersign.prompts.open", () -> open)
        .description("Open prompts of all replicas together, at most " + MOST)
        .register(registry);
    Gauge.builder("countersign.prompts.oldest.age", () -> oldest)
        .description("How long the oldest of them has been open")
        .baseUnit("seconds")
        .register(registry);
  }

  /** Asks the database. */
  public void read() {
    try {
      Row row = database.query(SQL).get(0);
      open = row.getLong("open");
      oldest = Math.max(0, row.getDouble("oldest"));
    } catch (RuntimeException e) {
      // Nothing else depends on it, so it takes no replica out of service.
      LOG.debug("The open prompts could not be counted", e);
      open = Double.NaN;
      oldest = Double.NaN;
    }
  }
}

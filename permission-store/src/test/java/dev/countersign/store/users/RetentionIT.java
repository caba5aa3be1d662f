package dev.countersign.store.users;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.store.it.Backends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator's retention takes away, and what it leaves. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class RetentionIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Many times more than are removed at once. */
  private static final int MANY = 12_000;

  @Inject RetentionSweep sweep;

  private final String user = "kept-" + UUID.randomUUID();

  private static String value(String name) {
    return ConfigProvider.getConfig().getValue(name, String.class);
  }

  private static List<String> query(String sql) {
    try (Connection connection =
            DriverManager.getConnection(
                value("test.jdbc"),
                value("quarkus.datasource.username"),
                value("quarkus.datasource.password"));
        Statement statement = connection.createStatement()) {
      List<String> found = new ArrayList<>();
      if (statement.execute(sql)) {
        ResultSet rows = statement.getResultSet();
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Lines stand in the order of their time, and the sweep ends where they are young. What this
   * class writes is old, so nothing that other classes wrote may stand before it.
   */
  @BeforeEach
  void nothingYoungStandsBefore() {
    query("delete from permission_history");
  }

  private void line(int version, String action, String via, int days) {
    query(
        """
        insert into permission_history (tenant, user_id, version, at, action, via)
        values ('default', '%s', %d, clock_timestamp() - interval '%d days', '%s', '%s')
        """
            .formatted(user, version, days, action, via));
  }

  private static void done(Uni<Void> work) {
    work.await().atMost(PATIENCE);
  }

  private static Instant daysAgo(int days) {
    return Instant.now().minus(Duration.ofDays(days));
  }

  private List<String> versions() {
    return query(
        "select version from permission_history where user_id = '%s' order by id".formatted(user));
  }

  @Test
  void ofOldLinesErasesAndTheLatestChangeByAnybodyStay() {
    line(1, "set", "http", 90);
    line(2, "erase", "http", 80);
    line(3, "set", "http", 70);
    line(4, "set", "prompt", 60);
    line(5, "import", "import", 50);
    line(6, "expire", "expired", 40);
    line(7, "import", "import", 20);

    done(sweep.history(daysAgo(30)));

    assertEquals(List.of("2", "4", "7"), versions());
  }

  @Test
  void aLineThatIsReplacedByALaterChangeGoesWithTheNextSweep() {
    line(1, "set", "http", 90);
    done(sweep.history(daysAgo(30)));
    assertEquals(List.of("1"), versions());
    line(2, "set", "http", 0);
    done(sweep.history(daysAgo(30)));
    assertEquals(List.of("2"), versions());
  }

  @Test
  void manyOldLinesAndRepliesGoAFewAtATime() {
    query(
        """
        insert into permission_history (tenant, user_id, version, at, action, via)
        select 'default', '%s', n, clock_timestamp() - interval '60 days', 'set', 'http'
        from generate_series(1, %d) n
        """
            .formatted(user, MANY));
    query(
        """
        insert into command_result (tenant, user_id, command_id, digest, reply, at)
        select 'default', '%s', 'c' || n, 'x', '{}', clock_timestamp() - interval '60 days'
        from generate_series(1, %d) n
        """
            .formatted(user, MANY));
    query(
        "insert into command_result (tenant, user_id, command_id, digest, reply, at)"
            + " values ('default', '%s', 'young', 'x', '{}', clock_timestamp())".formatted(user));

    done(sweep.history(daysAgo(30)));
    done(sweep.results(daysAgo(30)));

    assertEquals(List.of(Integer.toString(MANY)), versions());
    assertEquals(
        List.of("young"),
        query("select command_id from command_result where user_id = '%s'".formatted(user)));
  }
}

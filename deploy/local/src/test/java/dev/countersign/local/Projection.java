package dev.countersign.local;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;

/** What the approval service has taken over of the users' documents. */
final class Projection {
  private Projection() {}

  /** Waits until it has this version of a user's document, or a newer one. */
  static void await(SystemFixture system, String user, long version) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> version(system, user) >= version);
  }

  private static long version(SystemFixture system, String user) throws SQLException {
    try (Connection connection = system.approvalDatabase();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT version FROM override_projection WHERE user_id = ?")) {
      statement.setString(1, user);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    }
  }
}

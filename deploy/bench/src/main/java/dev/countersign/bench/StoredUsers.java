package dev.countersign.bench;

import dev.countersign.document.DocumentText;
import dev.countersign.embedded.Database;
import dev.countersign.protocol.UserDocument;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * The users in the store's database: each with a document of six overrides and a line of history,
 * as if they had settled them one day and been published.
 */
final class StoredUsers {
  /** What a write sets, in every user's document. */
  static final String RESOURCE = "npm run build";

  private static final String PREFIX = "bench-";
  private static final List<String> LEVELS = List.of("always", "ask", "never");
  private static final Map<String, String> DOCUMENTS =
      LEVELS.stream().collect(Collectors.toMap(level -> level, StoredUsers::text));

  private final Database database;
  private int count;

  StoredUsers(Database database) {
    this.database = database;
  }

  /** Adds users until there are so many. */
  void fillUpTo(int users) throws SQLException {
    String document = "'" + document("always") + "'";
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO user_permissions"
              + " (tenant, user_id, version, document, published_version, updated_at)"
              + " SELECT 'default', '%s' || i, 1, %s, 1, now() FROM generate_series(%s, %s) AS i"
                  .formatted(PREFIX, document, count + 1, users));
      statement.execute(
          "INSERT INTO permission_history"
              + " (tenant, user_id, version, at, action, actor, via, after_document)"
              + " SELECT 'default', '%s' || i, 1, now(), 'write', 'bench', 'dashboard', %s"
                  .formatted(PREFIX, document)
              + " FROM generate_series(%s, %s) AS i".formatted(count + 1, users));
      statement.execute("VACUUM ANALYZE user_permissions");
      statement.execute("VACUUM ANALYZE permission_history");
    }
    count = users;
  }

  int count() {
    return count;
  }

  /** Any of them. */
  String any() {
    return PREFIX + ThreadLocalRandom.current().nextInt(1, count + 1);
  }

  static String anyLevel() {
    return LEVELS.get(ThreadLocalRandom.current().nextInt(LEVELS.size()));
  }

  /** The document of a user who settled the measured resource so, as the store keeps it. */
  static String document(String level) {
    return DOCUMENTS.get(level);
  }

  private static String text(String level) {
    Map<String, UserDocument.Entry> resources = new TreeMap<>();
    for (String resource : List.of("cargo test", "git push *", "make deploy", "terraform plan")) {
      resources.put(resource, new UserDocument.Entry("always", null));
    }
    resources.put(RESOURCE, new UserDocument.Entry(level, null));
    return DocumentText.write(
        new UserDocument(
            null,
            null,
            Map.of(
                "Bash", new UserDocument.Tool(null, resources),
                "WebFetch", new UserDocument.Tool("ask", null))));
  }

  /** How many documents the store has not published yet. */
  long unpublished() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM user_permissions WHERE published_version < version")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
  }
}

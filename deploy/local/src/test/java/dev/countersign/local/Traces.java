package dev.countersign.local;

import dev.countersign.protocol.Topics;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Looks for a text wherever anything is stored: in every table, and on every topic. */
final class Traces {
  private Traces() {}

  /** The tables with a row that has it in any column, also in bytes. */
  static List<String> inTables(Connection database, String text) throws SQLException {
    String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    List<String> found = new ArrayList<>();
    try (Connection connection = database;
        Statement statement = connection.createStatement()) {
      for (String table : tables(statement)) {
        String sql =
            "SELECT count(*) FROM \"%s\" t WHERE t::text LIKE '%%%s%%' OR t::text LIKE '%%%s%%'"
                .formatted(table, text, hex);
        try (ResultSet rows = statement.executeQuery(sql)) {
          rows.next();
          if (rows.getLong(1) > 0) {
            found.add(table);
          }
        }
      }
    }
    return found;
  }

  private static List<String> tables(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  /** The topics with a record that has it in its key, its value or a header. */
  static List<String> onTopics(String bootstrap, String text) {
    return Topics.ALL.stream()
        .filter(
            topic ->
                Decisions.all(bootstrap, topic).stream().anyMatch(record -> holds(record, text)))
        .sorted()
        .toList();
  }

  private static boolean holds(ConsumerRecord<String, byte[]> record, String text) {
    boolean inHeaders = false;
    for (var header : record.headers()) {
      inHeaders |= holds(header.value(), text);
    }
    return inHeaders
        || holds(record.value(), text)
        || record.key() != null && record.key().contains(text);
  }

  private static boolean holds(byte[] bytes, String text) {
    return bytes != null && new String(bytes, StandardCharsets.UTF_8).contains(text);
  }
}

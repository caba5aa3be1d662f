package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.protocol.token.Roles;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a user settles needs no row of theirs in any other table. */
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class NoOtherRowIT {
  private final SystemFixture system;

  NoOtherRowIT(SystemFixture system) {
    this.system = system;
  }

  @Test
  void aUserNobodyHasSeenNeedsNoRowAnywhereElse() throws Exception {
    String user = "never-seen-" + system.newId();
    Gateway person =
        new Gateway(system.url(), system.stack().keys().personToken(user, Roles.APPROVER));
    assertEquals(Set.of(), tablesNaming(user));
    String path = "/v1/users/" + user;
    assertEquals(0, person.get(path + "/permissions").orThrow().path("tools").size());
    assertEquals(Set.of(), tablesNaming(user));
    person.put(path + "/overrides/Bash/make", Map.of("level", "always")).orThrow();
    Projection.await(system, user, 1);
    assertEquals(
        Set.of("user_permissions", "permission_history", "override_projection"),
        tablesNaming(user));
  }

  @Test
  void noTablePointsToAnother() throws Exception {
    String foreignKeys =
        "SELECT constraint_name FROM information_schema.table_constraints"
            + " WHERE constraint_type = 'FOREIGN KEY'";
    assertEquals(List.of(), column(system.storeDatabase(), foreignKeys));
    List<String> ofUsers =
        column(
            system.approvalDatabase(),
            foreignKeys
                + " AND table_name IN (SELECT table_name FROM information_schema.columns"
                + " WHERE column_name IN ('user_id', 'owner'))");
    assertEquals(List.of(), ofUsers);
  }

  /** Every table of both databases with a row that holds this user as a value. */
  private Set<String> tablesNaming(String user) throws SQLException {
    Set<String> tables = new TreeSet<>();
    tables.addAll(tablesNaming(system.storeDatabase(), user));
    tables.addAll(tablesNaming(system.approvalDatabase(), user));
    return tables;
  }

  private static Set<String> tablesNaming(Connection database, String user) throws SQLException {
    Set<String> naming = new TreeSet<>();
    try (database) {
      List<String[]> columns = new ArrayList<>();
      try (ResultSet found = database.getMetaData().getColumns(null, "public", "%", "%")) {
        while (found.next()) {
          if (found.getString("TYPE_NAME").equals("text")) {
            columns.add(
                new String[] {found.getString("TABLE_NAME"), found.getString("COLUMN_NAME")});
          }
        }
      }
      for (String[] column : columns) {
        String sql = "SELECT 1 FROM %s WHERE \"%s\" = ?".formatted(column[0], column[1]);
        try (PreparedStatement statement = database.prepareStatement(sql)) {
          statement.setString(1, user);
          try (ResultSet rows = statement.executeQuery()) {
            if (rows.next()) {
              naming.add(column[0]);
            }
          }
        }
      }
    }
    return naming;
  }

  private static List<String> column(Connection database, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (database;
        PreparedStatement statement = database.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}

package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Proves from one user's history that no change was lost. Every line begins where the last one
 * ended and changes one place only, so no writer undid what another one did; the last line ends in
 * the document; and every acknowledged change is the line of its version.
 */
final class SoakProof {
  /** What one line of the history changed. */
  private record Step(long version, String place, String value, String commandId) {}

  private final Map<Long, Step> byVersion = new HashMap<>();
  private final Map<String, Step> byChange = new HashMap<>();
  private final Set<String> commands = new HashSet<>();
  private final String user;
  private long version;
  private String document;

  private SoakProof(String user) {
    this.user = user;
  }

  /** Proves it; the user's last version. */
  static long prove(
      Connection database, String user, Collection<SoakWriter.Acknowledged> acknowledged)
      throws SQLException {
    SoakProof proof = new SoakProof(user);
    proof.follow(database);
    proof.compareWithTheDocument(database);
    acknowledged.stream().filter(a -> a.user().equals(user)).forEach(proof::find);
    return proof.version;
  }

  private void follow(Connection database) throws SQLException {
    database.setAutoCommit(false);
    try (PreparedStatement statement =
        database.prepareStatement(
            "SELECT version, command_id, before_document, after_document FROM permission_history"
                + " WHERE user_id = ? ORDER BY version, id")) {
      statement.setString(1, user);
      statement.setFetchSize(100);
      try (ResultSet lines = statement.executeQuery()) {
        while (lines.next()) {
          step(lines);
        }
      }
    }
    database.rollback();
  }

  private void step(ResultSet line) throws SQLException {
    String before = line.getString("before_document");
    assertEquals(version + 1, line.getLong("version"), user + ": a version is missing or twice");
    if (version > 0) {
      assertEquals(document, before, user + ": version " + version + " was changed unseen");
    }
    document = line.getString("after_document");
    version++;
    if (version > 1) {
      note(places(before), line.getString("command_id"));
    }
  }

  private void note(Map<String, String> before, String commandId) {
    Map<String, String> changed = places(document);
    Set<String> gone = new HashSet<>(before.keySet());
    gone.removeAll(changed.keySet());
    assertEquals(Set.of(), gone, user + ": version " + version + " lost a place");
    changed.entrySet().removeAll(before.entrySet());
    assertTrue(changed.size() <= 1, () -> user + ": version " + version + " changed " + changed);
    assertTrue(
        commandId == null || commands.add(commandId), () -> "carried out twice: " + commandId);
    if (changed.isEmpty()) {
      byVersion.put(version, new Step(version, null, null, commandId));
      return;
    }
    Map.Entry<String, String> one = changed.entrySet().iterator().next();
    Step step = new Step(version, one.getKey(), one.getValue(), commandId);
    byVersion.put(version, step);
    byChange.put(one.getKey() + " " + one.getValue(), step);
  }

  private void compareWithTheDocument(Connection database) throws SQLException {
    try (PreparedStatement statement =
        database.prepareStatement(
            "SELECT version, document FROM user_permissions WHERE user_id = ?")) {
      statement.setString(1, user);
      try (ResultSet row = statement.executeQuery()) {
        assertTrue(row.next(), user);
        assertEquals(version, row.getLong("version"), user);
        assertEquals(document, row.getString("document"), user);
      }
    }
    database.rollback();
  }

  private void find(SoakWriter.Acknowledged acknowledged) {
    Step step =
        acknowledged.version() > 0
            ? byVersion.get(acknowledged.version())
            : byChange.get(acknowledged.place() + " " + acknowledged.value());
    assertTrue(step != null, () -> "acknowledged and lost: " + acknowledged);
    assertEquals(acknowledged.id(), step.commandId(), acknowledged::toString);
    assertEquals(acknowledged.place(), step.place(), acknowledged::toString);
    assertEquals(acknowledged.value(), step.value(), acknowledged::toString);
  }

  /**
   * The places of a document that writers change, and what stands there: a resource of {@code Bash}
   * and its level, or the first word of a rule and its second.
   */
  static Map<String, String> places(String document) {
    JsonNode root = Json.readTree(document.getBytes(StandardCharsets.UTF_8));
    Map<String, String> places = new TreeMap<>();
    root.at("/tools/Bash/resources")
        .fields()
        .forEachRemaining(e -> places.put(e.getKey(), e.getValue().path("level").asText()));
    for (String effect : List.of("ask", "deny")) {
      root.at("/rules/" + effect)
          .forEach(
              rule -> {
                String[] words = rule.asText().replace("Bash(", "").split(" ");
                places.put(words[0], words[1]);
              });
    }
    return places;
  }
}

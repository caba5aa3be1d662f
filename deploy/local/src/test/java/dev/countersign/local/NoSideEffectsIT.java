package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.ToolCall;
import dev.countersign.protocol.Topics;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is saved shows in the next decision and nowhere else: no conversation gets a request, a
 * prompt, a receipt or an event that nobody made.
 */
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class NoSideEffectsIT {
  private static final String COMMAND = "docker compose up";
  private static final ToolCall CALL = bash(COMMAND);
  private static final String OVERRIDE = "/overrides/Bash/docker%20compose%20up";
  private static final String CLEAR = "clear";
  private static final List<String> TOPICS =
      Topics.ALL.stream().filter(topic -> !topic.startsWith("override.")).toList();

  /** Every way in which a user's permissions are saved. */
  enum Way {
    OVERRIDE_OVER_HTTP,
    WHOLE_DOCUMENT,
    EDIT_OF_THE_DOCUMENT,
    COMMAND_ON_KAFKA,
    ANSWER_TO_A_PROMPT
  }

  private final SystemFixture system;

  NoSideEffectsIT(SystemFixture system) {
    this.system = system;
  }

  static Stream<Arguments> levelsAndWays() {
    return Stream.of("always", "ask", "never", CLEAR)
        .flatMap(
            level ->
                Stream.of(Way.values())
                    .filter(way -> way != Way.ANSWER_TO_A_PROMPT || offered(level))
                    .map(way -> Arguments.of(level, way)));
  }

  private static boolean offered(String level) {
    return level.equals("always") || level.equals("never");
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("levelsAndWays")
  void savingAddsNothingToAnyConversation(String level, Way way) throws Exception {
    Agent agent = system.newAgent();
    Agent other = system.newAgentOfTheSameUser(agent);
    List<String> ids = List.of(agent.user(), agent.sessionId(), other.sessionId());
    if (level.equals(CLEAR)) {
      agent.person().put(path(agent) + OVERRIDE, Map.of("level", "never")).orThrow();
      Projection.await(system, agent.user(), 1);
    }
    try (NewRecords records = new NewRecords(system.stack().bootstrapServers(), TOPICS)) {
      Map<String, Integer> rows = rows(agent, other);
      String asked = save(agent, level, way);
      JsonNode document = agent.person().get(path(agent) + "/permissions").orThrow();
      JsonNode saved = document.at("/tools/Bash/resources/" + COMMAND + "/level");
      assertEquals(level.equals(CLEAR) ? "" : level, saved.asText(""));
      Projection.await(system, agent.user(), level.equals(CLEAR) ? 2 : 1);
      if (asked == null) {
        assertEquals(rows, rows(agent, other));
        assertEquals(List.of(), records.naming(ids));
      } else {
        Decisions.theOne(agent, asked, system.stack().bootstrapServers());
        assertEquals(0, rows(other).values().stream().mapToInt(n -> n).sum());
        assertEquals(1, rows(agent).get("request"));
        List<String> named = records.naming(ids);
        assertFalse(named.isEmpty());
        for (String record : named) {
          assertTrue(record.contains('"' + asked + '"') || tombstone(record), record);
        }
      }
    }
    assertDecided(level, agent);
    assertDecided(level, other);
  }

  private static boolean tombstone(String record) {
    return record.startsWith(Topics.PROMPTS) && record.endsWith(" ");
  }

  private static String path(Agent agent) {
    return "/v1/users/" + agent.user();
  }

  /** Saves; the id of the question whose answer it was, if it was one. */
  private String save(Agent agent, String level, Way way) throws Exception {
    Gateway person = agent.person();
    boolean clear = level.equals(CLEAR);
    String text = "{\"tools\":{\"Bash\":{\"resources\":{\"%s\":{\"level\":\"%s\"}}}}}";
    String document = clear ? "{}" : text.formatted(COMMAND, level);
    switch (way) {
      case OVERRIDE_OVER_HTTP -> {
        Gateway.Reply reply =
            clear
                ? person.delete(path(agent) + OVERRIDE)
                : person.put(path(agent) + OVERRIDE, Map.of("level", level));
        reply.orThrow();
      }
      case WHOLE_DOCUMENT ->
          person
              .put(
                  path(agent) + "/permissions",
                  Json.readTree(document.getBytes(StandardCharsets.UTF_8)),
                  clear ? 1 : 0)
              .orThrow();
      case EDIT_OF_THE_DOCUMENT -> {
        String whole =
            new StoreClient(system.stack().keys()).read(storePort(), agent.user()).body();
        person
            .patch(path(agent) + "/permissions", Map.of("oldText", whole, "newText", document))
            .orThrow();
      }
      case COMMAND_ON_KAFKA -> {
        try (OverrideCommander commander =
            new OverrideCommander(system.stack().bootstrapServers(), system.stack().keys())) {
          assertTrue(
              clear
                  ? commander.clear(agent.user(), COMMAND, system.newId()).ok()
                  : commander.set(agent.user(), COMMAND, level, system.newId()).ok());
        }
      }
      case ANSWER_TO_A_PROMPT -> {
        String id = system.newId();
        String prompt = agent.ask(id, CALL).promptId();
        agent
            .answer(
                prompt,
                level.equals("always")
                    ? PromptOption.Kind.ALLOW_ALWAYS
                    : PromptOption.Kind.REJECT_ALWAYS)
            .orThrow();
        return id;
      }
    }
    return null;
  }

  private int storePort() {
    return system.stack().ports().store();
  }

  /** What is saved shows as the next decision, in every session of the user. */
  private void assertDecided(String level, Agent agent) {
    Agent.Status status = agent.ask(system.newId(), CALL);
    if (level.equals("ask") || level.equals(CLEAR)) {
      assertNotNull(status.promptId());
      return;
    }
    PermissionReply decision = status.decision();
    assertEquals(DecidedBy.OVERRIDE, decision.decidedBy());
    assertEquals(level.equals("always") ? Effect.ALLOW : Effect.DENY, decision.effect());
  }

  /** The rows about some sessions, in every table that holds any. */
  private Map<String, Integer> rows(Agent... agents) throws SQLException {
    Map<String, Integer> rows = new TreeMap<>();
    for (String table : tablesOfSessions()) {
      for (Agent agent : agents) {
        int found =
            count("SELECT count(*) FROM " + table + " WHERE session_id = ?", agent.sessionId());
        rows.merge(table, found, Integer::sum);
      }
    }
    return rows;
  }

  private List<String> tablesOfSessions() throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Connection connection = system.approvalDatabase();
        ResultSet found = connection.getMetaData().getColumns(null, "public", "%", "session_id")) {
      while (found.next()) {
        tables.add(found.getString("TABLE_NAME"));
      }
    }
    assertTrue(tables.containsAll(List.of("request", "request_input")), tables::toString);
    return tables;
  }

  private int count(String sql, String value) throws SQLException {
    try (Connection connection = system.approvalDatabase();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, value);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }
}

package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.embedded.authority.AuthorityTable;
import dev.countersign.local.AuthorityAttempts.Attempt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every cell of {@code docs/authority-table.md} that the random sequences do not read: each caller
 * tries what the cell speaks of, and what comes of it is what the cell says.
 */
@Timeout(300)
@ExtendWith(SystemFixture.Provider.class)
class AuthorityTableIT {
  private static final String SESSION = "session";
  private static final String REST = "everything else";

  /** Rows that the model of the random sequences judges. */
  private static final Set<String> IN_SEQUENCES =
      Set.of(
          "start it again",
          "start a child below it",
          "set its mode, profile, policies, rules",
          "close it",
          "answer its prompts",
          "start a root session of one's own",
          "start a root session of another person",
          "close it in one's own name",
          "close it in another person's name",
          "person",
          "person with bypass");

  private static final String AGENT = "agent";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Those at whom every attempt is refused. */
  private static Relatives untouched;

  private static List<JsonNode> before;

  private final SystemFixture system;
  private final AuthorityTable table = AuthorityTable.ofCheckout();

  AuthorityTableIT(SystemFixture system) {
    this.system = system;
  }

  @BeforeAll
  static void makeThem(SystemFixture system) {
    untouched = new Relatives(system);
    before = untouched.asItStands();
  }

  @AfterAll
  static void nothingThatWasRefusedChangedAnything() {
    assertEquals(before, untouched.asItStands());
  }

  @Test
  void everyRowOfThePageIsReadByATest() {
    Set<String> read = new TreeSet<>(IN_SEQUENCES);
    read.addAll(AuthorityAttempts.rows());
    read.add(AGENT);
    Set<String> page = new TreeSet<>();
    table.names().forEach(name -> page.addAll(table.rows(name)));
    assertEquals(page, read);
  }

  @TestFactory
  @Tag("full")
  Stream<DynamicTest> whatACellSaysHappens() {
    return Stream.of(SESSION, REST)
        .flatMap(
            name ->
                table.rows(name).stream()
                    .filter(AuthorityAttempts.rows()::contains)
                    .flatMap(
                        row -> table.columns(name, row).stream().map(c -> cell(name, row, c))));
  }

  private DynamicTest cell(String name, String row, String column) {
    String says = table.cell(name, row, column);
    return dynamicTest(
        "%s, %s: %s".formatted(row, column, says),
        () -> check(row, column, says, name.equals(REST)));
  }

  private void check(String row, String column, String says, boolean ofUsers) {
    List<Attempt> attempts = AuthorityAttempts.of(row);
    switch (says) {
      case "yes" -> granted(column, attempts);
      case "no" -> {
        if (ofUsers && column.equals("stranger")) {
          touchesNothing(attempts);
        } else {
          refused(column, attempts);
        }
      }
      case "where it only tightens" -> {
        granted(column, AuthorityAttempts.TIGHTENING);
        refused(column, AuthorityAttempts.LOOSENING);
        refused(column, List.of(AuthorityAttempts.WIDENING_EDIT));
      }
      case "its own user's" -> {
        granted(column, attempts);
        attempts.forEach(a -> assertFalse(a.granted(untouched.agentOfAnother(), untouched)));
      }
      case "its session's and those below it" -> {
        granted("itself", attempts);
        granted("above", attempts);
        refused("elsewhere", attempts);
      }
      // The relatives' profile is their owner's own.
      case "its own" -> granted(column, attempts);
      case "by a request that a person approves where it widens" -> asksWhereItWidens(column);
      default -> throw new AssertionError("no test knows what this cell means: " + says);
    }
  }

  /** Each caller of a column, each with relatives of its own. */
  private void granted(String column, List<Attempt> attempts) {
    for (Attempt attempt : attempts) {
      Relatives kin = new Relatives(system);
      for (int i = 0; i < kin.callers(column).size(); i++) {
        Relatives own = i == 0 ? kin : new Relatives(system);
        assertTrue(attempt.granted(own.callers(column).get(i), own));
      }
    }
  }

  private void refused(String column, List<Attempt> attempts) {
    for (Attempt attempt : attempts) {
      List<Gateway> callers = untouched.callers(column);
      for (int i = 0; i < callers.size(); i++) {
        boolean was = attempt.granted(callers.get(i), untouched);
        assertFalse(was, column + " " + i + " was granted way " + attempts.indexOf(attempt));
      }
    }
  }

  /** Under a user's name a stranger finds the user of that name in the stranger's own tenant. */
  private void touchesNothing(List<Attempt> attempts) {
    for (Attempt attempt : attempts) {
      untouched.callers("stranger").forEach(stranger -> attempt.granted(stranger, untouched));
    }
    for (Gateway stranger : untouched.callers("stranger")) {
      String read = stranger.get(untouched.path("/export")).body().toString();
      assertFalse(read.contains("make allowed"), read);
    }
    assertEquals(before, untouched.asItStands());
  }

  private void asksWhereItWidens(String column) {
    refused(column, AuthorityAttempts.LOOSENING);
    Relatives kin = new Relatives(system);
    Gateway agent = kin.callers(column).get(0);
    String document = kin.path("/permissions");
    JsonNode stood = kin.owner().get(document).orThrow();

    assertEquals(202, agent.patch(document, DocumentEditsIT.level("ask", "always")).status());
    assertEquals(stood, kin.owner().get(document).orThrow());
    kin.allowWhatElseIsAsked();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> !stood.equals(kin.owner().get(document).orThrow()));

    Relatives others = new Relatives(system);
    Gateway tightening = others.callers(column).get(0);
    Map<String, String> edit = DocumentEditsIT.level("ask", "never");
    assertEquals(200, tightening.patch(others.path("/permissions"), edit).status());
  }

  @Test
  void anAgentGivesAChildNoMoreThanTheSessionsAboveItEffectivelyMay() {
    assertEquals(
        "what the sessions above the child effectively may",
        table.cell("ceiling", AGENT, "the widest mode it can give"));
    Relatives kin = new Relatives(system);
    assertEquals("default", kin.modeOfAChild("first", "bypassPermissions"));
    kin.setModeOnTop("plan");
    assertEquals("plan", kin.modeOfAChild("second", "default"));
  }
}

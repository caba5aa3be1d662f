package dev.countersign.approval;

import static dev.countersign.approval.World.mode;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.embedded.ErasureTable;
import dev.countersign.embedded.Traces;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Erasure;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.ToolCall;
import dev.countersign.protocol.UserDocument;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A document that its user erased is in no table any more, nor is anything that quotes it. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class EraseIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String GRANTS = "/internal/users/" + World.OWNER + "/grants";
  private static final String KEPT = "kept-of-others";

  private final World world = World.get();
  private final FakeStore store = new FakeStore(world);
  private final String marker = "marker" + UUID.randomUUID().toString().replace("-", "");

  /** The columns with this text in any row, also in bytes. */
  private static Set<String> holding(String text) throws SQLException {
    try (Connection connection = Hold.connect()) {
      return Traces.holding(connection, text);
    }
  }

  private static void awaitNone(String text) {
    Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertEquals(Set.of(), holding(text)));
  }

  private static void awaitDone(long version) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                Hold.number(
                        "SELECT count(*) FROM erasure WHERE user_id = '%s' AND version = %d AND done"
                            .formatted(World.OWNER, version))
                    == 1);
  }

  private static ToolCall edit(String from, String to) {
    return World.call(
        "edit_permissions",
        Map.of("oldText", "\"level\": \"" + from + "\"", "newText", "\"level\": \"" + to + "\""));
  }

  private PermissionAnswer always(PromptState prompt) {
    String option =
        prompt.options().stream()
            .map(o -> o.optionId())
            .filter(id -> id.startsWith("allow_always"))
            .findFirst()
            .orElseThrow();
    return new PermissionAnswer(
        null, prompt.promptId(), World.id("a"), option, prompt.digest(), "yes " + marker, null);
  }

  /** Asks as an agent that itself wants a person to look, whose answer changes the input. */
  private PermissionReply edited(String session) {
    String request = World.id("r");
    world.ask(
        new PermissionRequest(
            null,
            session,
            request,
            null,
            World.bash("list " + marker),
            null,
            null,
            "the agent wonders about " + marker));
    PromptState prompt = world.prompt(request);
    JsonNode input = Json.mapper().valueToTree(Map.of("command", "list -a " + marker));
    world.sendAnswer(
        new PermissionAnswer(
            null, prompt.promptId(), World.id("a"), "allow_once", prompt.digest(), null, input),
        World.OWNER,
        Map.of());
    PermissionReply told = world.reply(request);
    assertEquals(input, told.editedInput());
    return told;
  }

  private void grant() {
    give(World.id("k")).statusCode(200);
  }

  private ValidatableResponse give(String key) {
    return asOwner()
        .contentType("application/json")
        .header("Idempotency-Key", key)
        .queryParam("tool", "Bash")
        .queryParam("resource", "counted " + marker)
        .body(Map.of("level", "always", "uses", 3))
        .put(GRANTS)
        .then();
  }

  private RequestSpecification asOwner() {
    return given()
        .header("Authorization", "Bearer " + world.keys.personToken(World.OWNER, "approver"));
  }

  @Test
  void thePageOfErasuresKnowsEveryColumn() throws Exception {
    try (Connection connection = Hold.connect()) {
      assertEquals(ErasureTable.of("approval").columns(), Traces.columns(connection));
    }
  }

  @Test
  void anEraseLeavesNoCopyInAnyTable() throws Exception {
    String session = world.session(mode("default"));
    grant();
    PermissionReply changed = edited(session);
    String settled = world.ask(session, World.bash("make " + marker));
    PromptState prompt = world.prompt(settled);
    PermissionAnswer answer = always(prompt);
    world.sendAnswer(answer, World.OWNER, Map.of());
    store.store(store.command(prompt.promptId()));
    PermissionReply told = world.reply(settled);
    assertEquals(Effect.ALLOW, told.effect());
    PermissionReply decided = world.decision(session, World.bash("make " + marker));
    assertEquals(DecidedBy.OVERRIDE, decided.decidedBy());
    String tightened = world.ask(session, edit("always", "ask"));
    store.written(store.write(session));
    assertEquals(Effect.ALLOW, world.reply(tightened).effect());
    String open = world.ask(session, edit("ask", "always"));
    world.prompt(open);
    assertEquals(ErasureTable.of("approval").erased(), holding(marker));
    store.erase(World.OWNER);
    assertEquals(Effect.DENY, world.reply(open).effect());
    awaitNone(marker);
    assertEquals(Set.of(), holding(told.digest()));
    assertEquals(Set.of(), holding(answer.optionId().split(":")[1]));
    assertEquals(
        5,
        Hold.number(
            "SELECT count(*) FROM request WHERE session_id = '%s' AND effect IS NOT NULL"
                    .formatted(session)
                + " AND decided_by IS NOT NULL AND code IS NOT NULL AND decided_at IS NOT NULL"));
    assertEquals(
        0,
        Hold.number("SELECT count(*) FROM erasure_waiting WHERE session_id = '" + session + "'"));
    whatComesAgainFindsTheDecisionThatWasMade(session, told, answer);
    anotherInputThatWasAllowedAllowsNotTheFirst(session, changed);
  }

  private void anotherInputThatWasAllowedAllowsNotTheFirst(String session, PermissionReply told) {
    String request = told.requestId();
    world.ask(World.request(session, request, World.bash("list " + marker)));
    Awaitility.await().atMost(PATIENCE).until(() -> world.replies(request).count() == 2);
    assertEquals(
        List.of("erased"),
        world
            .replies(request)
            .filter(r -> r.effect() == Effect.DENY)
            .map(PermissionReply::code)
            .toList());
  }

  private void whatComesAgainFindsTheDecisionThatWasMade(
      String session, PermissionReply told, PermissionAnswer answer) {
    String request = told.requestId();
    world.ask(World.request(session, request, World.bash("make " + marker)));
    Awaitility.await().atMost(PATIENCE).until(() -> world.replies(request).count() == 2);
    assertTrue(
        world
            .replies(request)
            .allMatch(r -> r.effect() == Effect.ALLOW && told.digest().equals(r.digest())));
    world.ask(World.request(session, request, World.bash("make something else")));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> world.replies(request).anyMatch(r -> r.code().equals("request_id_reused")));
    long before = answered(answer);
    world.sendAnswer(answer, World.OWNER, Map.of());
    Awaitility.await().atMost(PATIENCE).until(() -> answered(answer) == before + 1);
  }

  private long answered(PermissionAnswer answer) {
    return world
        .wire
        .values(
            dev.countersign.protocol.Topics.ANSWER_REPLIES,
            dev.countersign.protocol.AnswerReply.class)
        .filter(r -> answer.answerId().equals(r.answerId()))
        .peek(r -> assertEquals("accepted", r.code()))
        .count();
  }

  @Test
  void anEraseIsHeardOfWhereItsTombstoneIsNeverSeen() throws Exception {
    String session = world.session(mode("default"));
    store.publish(World.OWNER, UserDocument.EMPTY);
    world.decision(session, World.call("Read", Map.of("file_path", "/proj/" + marker)));
    long version = store.publishAfterErase(World.OWNER, UserDocument.EMPTY);
    awaitDone(version - 1);
    assertEquals(Set.of(), holding(marker));
  }

  @Test
  void anEraseIsHeardOfWhereALaterDocumentCameFirst() throws Exception {
    String session = world.session(mode("default"));
    store.publish(World.OWNER, UserDocument.EMPTY);
    world.decision(session, World.call("Read", Map.of("file_path", "/proj/" + marker)));
    long later = store.publish(World.OWNER, UserDocument.EMPTY);
    awaitVersion(later);
    store.erase(World.OWNER, later - 1);
    awaitDone(later - 1);
    assertEquals(Set.of(), holding(marker));
  }

  @Test
  void anEraseThatIsHeardOfTwiceErasesOnce() throws Exception {
    String session = world.session(mode("default"));
    long erased = store.erase(World.OWNER);
    awaitDone(erased);
    world.decision(session, World.call("Read", Map.of("file_path", "/proj/" + marker)));
    store.erase(World.OWNER, erased);
    awaitVersion(store.publish(World.OWNER, UserDocument.EMPTY));
    awaitDone(erased);
    assertTrue(holding(marker).contains("request_input.call"));
  }

  @Test
  void anEraseOfAnotherDatabaseIsAnotherOneThoughItMadeTheSameVersion() throws Exception {
    String session = world.session(mode("default"));
    Erasure first = new Erasure(store.publish(World.OWNER, UserDocument.EMPTY) + 1, World.id("e"));
    store.erase(World.OWNER, first);
    awaitDone(first.version());
    store.publish(World.OWNER, UserDocument.EMPTY);
    awaitVersion(store.publish(World.OWNER, UserDocument.EMPTY));
    // The same on another topic is the same.
    Hold.run("UPDATE erasure SET version = -version WHERE user_id = '" + World.OWNER + "'");
    world.decision(session, World.call("Read", Map.of("file_path", "/proj/" + marker)));
    awaitVersion(store.publishAfterErase(World.OWNER, UserDocument.EMPTY, first));
    assertEquals(
        -first.version(),
        Hold.number("SELECT version FROM erasure WHERE user_id = '" + World.OWNER + "'"));
    assertTrue(holding(marker).contains("request_input.call"));

    Erasure second = new Erasure(first.version(), World.id("e"));
    awaitVersion(store.publishAfterErase(World.OWNER, UserDocument.EMPTY, second));

    awaitNone(marker);
    awaitDone(second.version());
  }

  @Test
  void anEraseWhoseIdIsHeardOfLaterIsTheSame() throws Exception {
    String session = world.session(mode("default"));
    long version = store.erase(World.OWNER);
    awaitDone(version);
    String id = World.id("e");
    Erasure named = new Erasure(version, id);
    awaitVersion(store.publishAfterErase(World.OWNER, UserDocument.EMPTY, named));
    assertEquals(
        List.of(id),
        Hold.texts("SELECT erasure_id FROM erasure WHERE user_id = '" + World.OWNER + "'"));
    Hold.run("UPDATE erasure SET version = -version WHERE user_id = '" + World.OWNER + "'");
    world.decision(session, World.call("Read", Map.of("file_path", "/proj/" + marker)));

    awaitVersion(store.publishAfterErase(World.OWNER, UserDocument.EMPTY, named));

    assertTrue(holding(marker).contains("request_input.call"));
  }

  @Test
  void aGrantThatWasErasedIsNotGivenAgainUnderItsKey() throws Exception {
    String key = World.id("k");
    String id = give(key).statusCode(200).extract().path("id");
    long erased = store.erase(World.OWNER);
    awaitDone(erased);

    give(key).statusCode(409).body("code", equalTo("erased"));

    assertEquals(Set.of(), holding(marker));
    assertEquals(
        0,
        Hold.number(
            "SELECT count(*) FROM permission_grant WHERE user_id = '%s' AND dead_at IS NULL"
                .formatted(World.OWNER)));
    asOwner().get(GRANTS).then().statusCode(200).body("grants.id", not(hasItem(id)));
    asOwner().delete(GRANTS + "/" + id).then().statusCode(404);
    assertEquals(
        1,
        Hold.number(
            "SELECT count(*) FROM permission_grant WHERE id = '%s' AND tool = ''".formatted(id)));
  }

  @Test
  void whatWasErasedBeforeErasesWereNotedIsErasedOnce() throws Exception {
    String session = world.session(mode("default"));
    long erased = store.erase(World.OWNER);
    awaitDone(erased);
    Hold.run("DELETE FROM erasure WHERE user_id = '" + World.OWNER + "'");
    world.decision(session, World.call("Read", Map.of("file_path", "/proj/" + marker)));
    Hold.run(migration("V65__erased_before_erases_were_noted.sql"));
    awaitDone(erased);
    awaitNone(marker);
    grant();
    world.decision(session, World.call("Read", Map.of("file_path", "/proj/" + marker)));

    store.erase(World.OWNER, erased);
    awaitVersion(store.publish(World.OWNER, UserDocument.EMPTY));
    awaitDone(erased);

    assertTrue(
        holding(marker).containsAll(Set.of("request_input.call", "permission_grant.resource")));
    store.erase(World.OWNER);
    awaitNone(marker);
  }

  private static String migration(String name) throws Exception {
    try (InputStream script =
        Thread.currentThread()
            .getContextClassLoader()
            .getResourceAsStream("db/migration/" + name)) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void moreThanFitsIntoATransactionIsErasedPageByPageAndNobodyElsesIs() throws Exception {
    store.publish(World.OWNER, UserDocument.EMPTY);
    rows("default", World.OWNER, "pages", 1700, marker);
    rows("default", "somebody-else", "others", 3, KEPT);
    rows("elsewhere", World.OWNER, "pages", 3, KEPT);
    assertEquals(Set.of("request.reason", "request.rule", "request.trace"), holding(marker));
    store.erase(World.OWNER);
    awaitNone(marker);
    assertEquals(
        6,
        Hold.number(
            "SELECT count(*) FROM request WHERE reason = '%1$s' AND rule = '%1$s'"
                .formatted(KEPT)));
    Hold.run("DELETE FROM request WHERE session_id IN ('pages', 'others')");
  }

  @Test
  void aDecisionThatIsBeingStoredIsErasedToo() throws Exception {
    awaitVersion(store.publish(World.OWNER, UserDocument.EMPTY));
    long erased;
    try (Hold deciding =
        Hold.of(
            "SELECT version FROM override_projection WHERE user_id = '%s' FOR SHARE; "
                    .formatted(World.OWNER)
                + stored("default", World.OWNER, "stored", 1, marker))) {
      erased = store.erase(World.OWNER);
      Hold.awaitWaiting("INSERT INTO override_projection%", () -> false);
    }
    awaitDone(erased);
    assertEquals(Set.of(), holding(marker));
    Hold.run("DELETE FROM request WHERE session_id = 'stored'");
  }

  @Test
  void aReplyThatComesAfterTheEraseBringsNothingBack() throws Exception {
    String session = world.session(mode("default"));
    long before = store.publish(World.OWNER, UserDocument.EMPTY);
    String settled = world.ask(session, World.bash("make " + marker));
    PromptState prompt = world.prompt(settled);
    world.sendAnswer(always(prompt), World.OWNER, Map.of());
    OverrideCommand command = store.command(prompt.promptId());
    store.erase(World.OWNER, before + 2);
    awaitVersion(before + 2);
    assertEquals(before + 1, store.store(command).version());
    assertEquals(Effect.ALLOW, world.reply(settled).effect());
    awaitNone(marker);
    // The fake store's versions are behind the erase: this one is the same, and the next is above.
    store.publish(World.OWNER, UserDocument.EMPTY);
    awaitVersion(store.publish(World.OWNER, UserDocument.EMPTY));
  }

  private static void awaitVersion(long version) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                Hold.number("SELECT count(*) FROM override_projection WHERE version = " + version)
                    == 1);
  }

  private static void rows(String tenant, String owner, String session, int count, String text) {
    Hold.run(stored(tenant, owner, session, count, text));
  }

  /** A statement that stores decisions, as told. */
  private static String stored(
      String tenant, String owner, String session, int count, String text) {
    return """
        INSERT INTO request (tenant, session_id, request_id, owner, tool, digest, state,
          requested_at, reply_topic, source_partition, source_offset, fence_managed,
          fence_document, fence_session, mode, trace, effect, decided_by, code, reason, rule,
          decided_at, decided_xid, rev, published_rev)
        SELECT '%1$s', '%2$s', 'r-' || n, '%3$s', 'Bash', md5('1') || md5('2'),
          'decided', now(), 'permission.replies', 0, n, 0, 0, 0, 'default', 'override | %4$s',
          'deny', 'override', 'denied', '%4$s', '%4$s', now(),
          pg_current_xact_id()::text::bigint, 1, 1
        FROM generate_series(1, %5$d) n
        """
        .formatted(tenant, session, owner, text, count);
  }

  @Test
  void aRuleOfTheAdministratorsStaysInTheReceiptsOfTheirDecisions() {
    String theirs = "Bash(theirs *)";
    store.publish(World.OWNER, UserDocument.EMPTY);
    Hold.run(
        "INSERT INTO managed_rules (revision, body) VALUES (0, 'revision 0\ndeny %s\n')"
            .formatted(theirs));
    rows("default", World.OWNER, "pages", 1, theirs);
    rows("default", World.OWNER, "own", 1, marker);
    store.erase(World.OWNER);
    awaitNone(marker);
    assertEquals(
        List.of(theirs), Hold.texts("SELECT rule FROM request WHERE session_id = 'pages'"));
    assertEquals(1, Hold.number("SELECT count(*) FROM managed_rules WHERE revision = 0"));
    Hold.run("DELETE FROM request WHERE session_id IN ('pages', 'own')");
    Hold.run("DELETE FROM managed_rules WHERE revision = 0");
  }
}

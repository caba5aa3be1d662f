package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.call;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session has so many prompts that wait for a person, and so large ones, and no more. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class LargePromptsIT {
  private static final int LARGE = 3_000_000;

  private final World world = World.get();
  private final String tool = id("Large");
  private String session;

  @BeforeEach
  void session() {
    session = world.session(mode("default"));
  }

  @AfterEach
  void close() {
    world.close(session);
  }

  /** Opens prompts; then their calls grow in the database, so that no topic holds them. */
  private List<String> largePrompts(int count) {
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(world.ask(session, call(tool, Map.of("n", i, "text", "PADDING"))));
    }
    requests.forEach(world::prompt);
    Hold.run(
        """
        UPDATE request_input SET call = convert_to(
          replace(convert_from(call, 'UTF8'), 'PADDING', repeat('x', %d)), 'UTF8')
        WHERE session_id = '%s'
        """
            .formatted(LARGE, session));
    return requests;
  }

  @Test
  void whoHasMorePromptsThanAPageReadsEveryOneOnceAndNobodyElses() {
    String second = world.session(mode("default"));
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      requests.add(world.ask(i % 2 == 0 ? session : second, bash("make " + i)));
      world.prompt(requests.get(i));
    }
    for (String token :
        List.of(world.keys.personToken(World.OWNER), world.keys.personToken("boss", "admin"))) {
      List<String> listed = listed(token, "prompts", "prompts.requestId", 2);
      assertEquals(
          listed.size(), Set.copyOf(listed).size(), () -> "one is listed twice: " + listed);
      assertEquals(requests, listed.stream().filter(requests::contains).toList());
    }
    assertEquals(
        List.of(requests.get(0), requests.get(2), requests.get(4)),
        listed(world.token(session), "prompts", "prompts.requestId", 2));
    List<String> bobs = listed(world.keys.personToken("bob"), "prompts", "prompts.requestId", 2);
    assertTrue(bobs.stream().noneMatch(requests::contains));
    world.close(second);
  }

  @Test
  void pagesOfLargePromptsEndAtTheirBytes() {
    List<String> requests = largePrompts(5);
    List<String> listed = listed(world.token(session), "prompts", "prompts.requestId", 1);
    assertEquals(5, listed.size());
    assertEquals(Set.copyOf(requests), Set.copyOf(listed));
  }

  @Test
  void pagesOfReceiptsWithLargeInputsEndAtTheirBytes() {
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      requests.add(world.decision(session, bash("ls " + i)).requestId());
    }
    Hold.run(
        """
        UPDATE request SET edited_input = convert_to(
          '{"command":"' || repeat('x', %d) || '"}', 'UTF8')
        WHERE session_id = '%s'
        """
            .formatted(LARGE, session));
    // What was decided last is listed when nothing before it can still come.
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertEquals(
                    requests,
                    listed(world.token(session), "receipts", "receipts.decision.requestId", 1)));
  }

  /** All pages of a list, each with some entries, and so many at most. */
  private static List<String> listed(String token, String list, String field, int most) {
    List<String> listed = new ArrayList<>();
    String next = "0";
    while (next != null) {
      JsonPath page =
          given()
              .header("Authorization", "Bearer " + token)
              .queryParam("after", next)
              .queryParam("limit", most == 1 ? 1000 : most)
              .get("/internal/" + list)
              .then()
              .statusCode(200)
              .extract()
              .jsonPath();
      List<String> found = page.getList(field, String.class);
      assertTrue(found.size() <= most, () -> found.size() + " on one page");
      listed.addAll(found);
      next = page.getString("next");
      assertTrue(next == null || !found.isEmpty(), "a page that is not the last has something");
    }
    return listed;
  }

  @Test
  void aPlaceThatNoPageNamedIsRefused() {
    given()
        .header("Authorization", "Bearer " + world.token(session))
        .queryParam("after", "x")
        .get("/internal/prompts")
        .then()
        .statusCode(400);
  }

  @Test
  void manyLargePromptsWhoseTimeIsOverAtOnceAllEnd() {
    List<String> requests = largePrompts(8);
    Hold.run(
        "UPDATE request SET deadline = clock_timestamp() WHERE state = 'open' AND session_id = '%s'"
            .formatted(session));
    for (String request : requests) {
      assertEquals(DecidedBy.TIMEOUT, world.reply(request).decidedBy());
    }
  }

  @Test
  void aSessionWhosePromptsHoldTooManyBytesAsksNoMoreAndStopsNobody() {
    List<String> waiting = largePrompts(12);
    PermissionReply reply = world.decision(session, bash("make all"));
    tooMany(reply);
    // What comes under the id of a prompt that is open makes that one no smaller.
    List<String> others = waiting.subList(1, waiting.size());
    others.forEach(id -> sendSoon(World.request(session, id, bash("make small"))));
    PermissionRequest behind = World.request(session, id("r"), bash("make more"));
    sendSoon(behind);
    tooMany(world.reply(behind.requestId()));
    assertEquals(Effect.ALLOW, world.decision(session, bash("ls")).effect());
    String other = world.session(mode("default"));
    world.prompt(world.ask(other, bash("make all")));
    world.cancel(session, waiting.get(0));
    assertEquals(DecidedBy.CANCELLED, world.reply(waiting.get(0)).decidedBy());
    world.prompt(world.ask(session, bash("make install")));
  }

  @Test
  void aSessionHasSoManyPromptsAndNoMore() {
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < 257; i++) {
      PermissionRequest request = World.request(session, id("r"), bash("make t" + i));
      requests.add(request.requestId());
      sendSoon(request);
    }
    tooMany(world.reply(requests.get(256)));
    assertEquals(
        Set.copyOf(requests.subList(0, 256)),
        Set.copyOf(listed(world.token(session), "prompts", "prompts.requestId", 100)));
    PermissionRequest again = World.request(session, requests.get(0), bash("make t0"));
    world.ask(again);
    tooMany(world.decision(session, bash("make more")));
    assertEquals(0, world.replies(requests.get(0)).count(), "what is open stays open");
  }

  /** As after a crash between the store and the acknowledgement. */
  @Test
  void whatIsDeliveredAgainTakesNoRoomFromWhatIsNew() {
    List<PermissionRequest> requests = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      requests.add(World.request(session, id("r"), bash("make t" + i)));
    }
    requests.subList(0, 250).forEach(this::sendSoon);
    awaitPrompts(requests.subList(0, 250));
    requests.forEach(this::sendSoon);
    awaitPrompts(requests);
  }

  private void awaitPrompts(List<PermissionRequest> requests) {
    Set<String> ids =
        requests.stream().map(PermissionRequest::requestId).collect(Collectors.toSet());
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () ->
                world
                    .wire
                    .values(Topics.PROMPTS, PromptState.class)
                    .map(PromptState::requestId)
                    .collect(Collectors.toSet())
                    .containsAll(ids));
  }

  private void sendSoon(PermissionRequest request) {
    world.wire.sendSoon(
        Topics.REQUESTS, session, Json.write(request), world.requestHeaders(request));
  }

  private static void tooMany(PermissionReply reply) {
    assertEquals(Effect.DENY, reply.effect());
    assertEquals(DecidedBy.SYSTEM, reply.decidedBy());
    assertEquals("too_many_prompts", reply.code());
    assertTrue(reply.reason().contains("already wait for a person"), reply.reason());
  }
}

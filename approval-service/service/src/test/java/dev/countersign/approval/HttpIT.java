package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.embedded.KeptConnection;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PromptState;
import io.quarkus.runtime.ExecutorRecorder;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The internal HTTP interface. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class HttpIT {
  private final World world = World.get();

  private RequestSpecification as(String token) {
    return given().header("Authorization", "Bearer " + token);
  }

  private RequestSpecification person(String person, String... roles) {
    return as(world.keys.personToken(person, roles));
  }

  @Test
  void healthTellsTheBackendsApart() {
    given()
        .get("/q/health/ready")
        .then()
        .statusCode(200)
        .body("checks.name", hasItems("kafka", "postgres", "caught-up"));
    given().get("/q/health/live").then().statusCode(200).body("checks", hasSize(0));
    given().get("/q/health/started").then().statusCode(200).body("status", equalTo("UP"));
  }

  @Test
  void everyAnswerIsSentAtOnceWhateverWasAnsweredBeforeIt() throws Exception {
    String token = world.keys.personToken("bob", "approver");
    try (KeptConnection connection = new KeptConnection(RestAssured.port, Duration.ofSeconds(20))) {
      for (int i = 0; i < 3; i++) {
        assertEquals(200, connection.ask("GET", "/internal/prompts", token, ""));
        assertEquals(200, connection.ask("GET", "/q/health/live", null, ""));
        assertEquals(401, connection.ask("GET", "/internal/prompts", null, ""));
        assertEquals(400, connection.ask("POST", "/internal/evaluate", token, "{"));
        assertEquals(404, connection.ask("GET", "/q/nothing", null, ""));
      }
    }
  }

  @Test
  void withoutATokenThereIsAProblem() {
    given()
        .get("/internal/prompts")
        .then()
        .statusCode(401)
        .contentType("application/problem+json")
        .body("code", equalTo("missing_token"));
    as("x.y.z").get("/internal/prompts").then().statusCode(401);
    given().get("/internal/nothing").then().statusCode(401);
    person("bob").get("/internal/nothing").then().statusCode(404);
  }

  @Test
  void aRequestIsSeenByItsOwnAndNobodyElse() {
    String session = world.session(mode("default"));
    String request = world.ask(session, bash("make all"));
    PromptState prompt = world.prompt(request);
    as(world.token(session))
        .get("/internal/requests/" + request)
        .then()
        .statusCode(200)
        .body("sessionId", equalTo(session))
        .body("state", equalTo("open"))
        .body("promptId", equalTo(prompt.promptId()))
        .body("decision", nullValue());
    String stranger = world.session(mode("default"));
    as(world.token(stranger))
        .get("/internal/requests/" + request)
        .then()
        .statusCode(404)
        .body("code", equalTo("unknown_request"));
    person("bob").get("/internal/requests/" + request).then().statusCode(404);
    world.answer(prompt, "allow_once");
    person(World.OWNER)
        .queryParam("sessionId", session)
        .get("/internal/requests/" + request)
        .then()
        .statusCode(200)
        .body("state", equalTo("decided"))
        .body("decision.effect", equalTo("allow"))
        .body("decision.user", equalTo(World.OWNER));
  }

  @Test
  void theSameIdInTwoSessionsIsAmbiguous() {
    String request = id("r");
    for (int i = 0; i < 2; i++) {
      world.ask(World.request(world.session(mode("default")), request, bash("ls")));
    }
    world.await(
        "both replies",
        dev.countersign.protocol.Topics.REPLIES,
        dev.countersign.protocol.PermissionReply.class,
        r -> world.replies(request).count() == 2);
    person(World.OWNER)
        .get("/internal/requests/" + request)
        .then()
        .statusCode(409)
        .body("code", equalTo("ambiguous_request"));
  }

  @Test
  void promptsAreShownToThoseWhoMayAnswer() {
    String session = world.session(mode("default"));
    PromptState prompt = world.prompt(world.ask(session, bash("make all")));
    assertTrue(listed(world.keys.personToken(World.OWNER)).contains(prompt.promptId()));
    person("bob")
        .get("/internal/prompts")
        .then()
        .body("prompts.promptId", not(hasItem(prompt.promptId())));
    person("boss", "admin")
        .get("/internal/prompts/" + prompt.promptId())
        .then()
        .statusCode(200)
        .body("prompt.toolCall.input.command", equalTo("make all"))
        .body("state", equalTo("open"));
    as(world.token(session))
        .get("/internal/prompts")
        .then()
        .body("prompts.promptId", equalTo(List.of(prompt.promptId())));
    person(World.OWNER)
        .get("/internal/prompts/nowhere")
        .then()
        .statusCode(404)
        .body("code", equalTo("unknown_prompt"));
  }

  /** Twelve inputs of 900 kB: all are published, and no page or batch holds them all. */
  @Test
  void aPageOfPromptsEndsAtItsBytesAndNamesTheNext() {
    String session = world.session(mode("default"));
    String text = "x".repeat(900_000);
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      requests.add(world.ask(session, World.call("mcp__notes__add", Map.of("text", text + i))));
    }
    List<PromptState> prompts = requests.stream().map(world::prompt).toList();
    String token = world.token(session);
    JsonPath page = promptPage(token, "0");
    List<String> first = page.getList("prompts.promptId", String.class);
    assertTrue(first.size() < 6, () -> first.size() + " on one page");
    for (PromptState prompt : prompts) {
      if (first.contains(prompt.promptId())) {
        world.answer(prompt, "reject_once");
        world.reply(prompt.requestId());
      }
    }
    assertEquals(List.of(), listed(token).stream().filter(first::contains).toList());
    List<String> rest = listed(token, page.getString("next"));
    assertEquals(12, first.size() + rest.size());
    assertEquals(
        prompts.stream().map(PromptState::promptId).collect(Collectors.toSet()),
        Stream.concat(first.stream(), rest.stream()).collect(Collectors.toSet()));
    world.close(session);
  }

  /** As a fault would leave it; nothing is told of it again. */
  @Test
  void aPromptThatCannotBeShownHidesNoOther() {
    String session = world.session(mode("default"));
    PromptState broken = world.prompt(world.ask(session, bash("make broken")));
    PromptState good = world.prompt(world.ask(session, bash("make good")));
    Hold.run(
        "UPDATE request SET owner = repeat('x', 300) WHERE prompt_id = '%s'"
            .formatted(broken.promptId()));
    assertEquals(List.of(good.promptId()), listed(world.token(session)));
    List<String> all = listed(world.keys.personToken("boss", "admin"));
    assertTrue(all.contains(good.promptId()) && !all.contains(broken.promptId()), all.toString());
    assertTrue(listed(world.keys.personToken(World.OWNER)).contains(good.promptId()));
    world.close(session);
  }

  private List<String> listed(String token) {
    return listed(token, "0");
  }

  /** The prompts of all pages from this one on. */
  private List<String> listed(String token, String from) {
    List<String> listed = new ArrayList<>();
    for (String next = from; next != null; ) {
      JsonPath page = promptPage(token, next);
      listed.addAll(page.getList("prompts.promptId", String.class));
      next = page.getString("next");
    }
    return listed;
  }

  private JsonPath promptPage(String token, String after) {
    byte[] page =
        as(token)
            .queryParam("after", after)
            .get("/internal/prompts")
            .then()
            .statusCode(200)
            .extract()
            .asByteArray();
    assertTrue(page.length < 5 * 1024 * 1024, "a page of " + page.length);
    return JsonPath.from(new String(page, StandardCharsets.UTF_8));
  }

  @Test
  void sessionsAndTheirFacts() {
    String session = world.session(mode("plan"));
    as(world.token(session))
        .get("/internal/sessions/" + session)
        .then()
        .statusCode(200)
        .body("permissionMode", equalTo("plan"))
        .body("profile", equalTo("read_only"));
    as(world.token(session))
        .get("/internal/sessions/" + session + "/capabilities")
        .then()
        .statusCode(200)
        .body("version", equalTo(1))
        .body("facts", hasItem(startsWith("Changing files is refused for now")));
    person("bob").get("/internal/sessions/" + session).then().statusCode(404);
  }

  @Test
  void receiptsComeInPages() {
    String session = world.session(mode("default"));
    for (int i = 0; i < 3; i++) {
      world.decision(session, bash("ls " + i));
    }
    String next =
        person(World.OWNER)
            .queryParam("sessionId", session)
            .queryParam("limit", 2)
            .get("/internal/receipts")
            .then()
            .statusCode(200)
            .body("receipts", hasSize(2))
            .body("receipts[0].decision.digest.length()", equalTo(64))
            .extract()
            .path("next");
    person(World.OWNER)
        .queryParam("sessionId", session)
        .queryParam("limit", 2)
        .queryParam("after", next)
        .get("/internal/receipts")
        .then()
        .body("receipts", hasSize(1))
        .body("next", nullValue());
  }

  @Test
  void dryRunsTakeOneCaseOrFiveThousand() {
    Map<String, Object> single =
        Map.of(
            "id",
            "c1",
            "mode",
            "default",
            "rules",
            Map.of("allow", List.of("Bash(npm run *)")),
            "toolCall",
            Map.of(
                "tool", "Bash",
                "input", Map.of("command", "npm run build"),
                "cwd", "/proj"));
    String token = world.keys.personToken("bob");
    as(token)
        .contentType("application/json")
        .body(single)
        .post("/internal/evaluate")
        .then()
        .statusCode(200)
        .body("id", equalTo("c1"))
        .body("effect", equalTo("allow"))
        .body("decidedBy", equalTo("rule"));
    as(token)
        .contentType("application/json")
        .body(Collections.nCopies(5000, single))
        .post("/internal/evaluate")
        .then()
        .statusCode(200)
        .body("size()", equalTo(5000))
        .body("[4999].effect", equalTo("allow"));
    as(token)
        .contentType("application/json")
        .body("{\"id\":")
        .post("/internal/evaluate")
        .then()
        .statusCode(400)
        .body("code", equalTo("malformed_json"));
    as(token)
        .contentType("application/json")
        .body("[] []")
        .post("/internal/evaluate")
        .then()
        .statusCode(400)
        .body("code", equalTo("malformed_json"));
    given()
        .contentType("application/json")
        .body(single)
        .post("/internal/evaluate")
        .then()
        .statusCode(401);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          toolCall         | {"mode":"plan"}
          toolCall         | {"toolCall":"ls"}
          toolCall.tool    | {"toolCall":{"input":{"command":"ls"}}}
          toolCall.tool    | {"toolCall":{"tool":7}}
          toolCall.input   | {"toolCall":{"tool":"Bash","input":"ls"}}
          toolCall.workdir | {"toolCall":{"tool":"Bash","workdir":"/proj"}}
          mode             | {"mode":3,"toolCall":{"tool":"Bash"}}
          permission_mode  | {"permission_mode":"plan","toolCall":{"tool":"Bash"}}
          rules            | {"rules":{"deny":["Bash(rm"]},"toolCall":{"tool":"Bash"}}
          """)
  void aCaseThatCannotBeReadIsRefusedAloneAndToldInItsPlaceAmongOthers(String field, String json) {
    evaluate(json)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("code", equalTo("invalid_request"))
        .body("errors.field", equalTo(List.of(field)));
    evaluate("[" + json + ",{\"id\":\"next\"}]")
        .statusCode(200)
        .body("[0].error.field", equalTo(field))
        .body("[1].id", equalTo("next"));
  }

  /** Sixteen megabytes of the smallest cases are millions of results. */
  @Test
  void noMoreIsEvaluatedThanFits() {
    as(world.keys.personToken("bob"))
        .contentType("application/json")
        .body("[" + "{},".repeat(5_000_000) + "{}]")
        .post("/internal/evaluate")
        .then()
        .statusCode(413)
        .body("code", equalTo("too_large"));
  }

  /** As objects it takes forty times the room that it takes as text. */
  @Test
  void oneCaseIsNoLargerThanARequest() {
    String input = "{\"toolCall\":{\"tool\":\"X\",\"input\":{\"a\":[%s{}]}}}";
    String bytes = input.formatted("{\"\":{}},".repeat(1_700_000));
    String values = input.formatted("{\"\":{}},".repeat(60_000));
    for (String form : List.of("%s", "[{},%s]", "\ufeff[%s,{}]")) {
      evaluate(form.formatted(bytes)).statusCode(413).body("code", equalTo("too_large"));
      evaluate(form.formatted(values))
          .statusCode(400)
          .body("detail", containsString("more than 150000 names and values"));
      evaluate(form.formatted("{\"mode\":\"plan\",\"mode\":\"auto\"}")).statusCode(400);
    }
    evaluate("[{},7]").statusCode(400).body("detail", containsString("[1]"));
    evaluate("[{\"id\":\"ä\"},\n {\"id\":\"b\"}]").statusCode(200).body("[1].id", equalTo("b"));
  }

  private ValidatableResponse evaluate(String json) {
    return as(world.keys.personToken("bob"))
        .contentType("application/json")
        .body(json.getBytes(StandardCharsets.UTF_8))
        .post("/internal/evaluate")
        .then();
  }

  @Test
  void smallCasesHaveLargeResultsAndAreCountedByThem() {
    String commands =
        IntStream.range(0, 100).mapToObj(i -> "ls " + i).collect(Collectors.joining(";"));
    Map<String, Object> aCase =
        Map.of(
            "mode",
            "default",
            "toolCall",
            Map.of("tool", "Bash", "input", Map.of("command", commands), "cwd", "/proj"));
    as(world.keys.personToken("bob"))
        .contentType("application/json")
        .body(Collections.nCopies(3_000, aCase))
        .post("/internal/evaluate")
        .then()
        .statusCode(413)
        .body("code", equalTo("too_large"));
  }

  /** Internal HTTP fills every thread there is for it with requests that wait. */
  @Test
  void aDecisionWaitsForNoHttpRequest() throws Exception {
    String session = world.session(mode("default"));
    CountDownLatch enough = new CountDownLatch(1);
    int most = 2_000;
    CountDownLatch ended = new CountDownLatch(most);
    Executor threads = ExecutorRecorder.getCurrent();
    for (int i = 0; i < most; i++) {
      threads.execute(
          () -> {
            try {
              enough.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              ended.countDown();
            }
          });
    }
    try {
      for (int i = 0; i < 3; i++) {
        assertEquals(Effect.ALLOW, world.decision(session, bash("ls " + i)).effect());
      }
      assertEquals(most, ended.getCount());
    } finally {
      enough.countDown();
      assertTrue(ended.await(60, TimeUnit.SECONDS));
    }
  }

  /** Who waits for a version that never comes holds a thread; not everybody may. */
  @Test
  void onlyAFewWaitForADocument() {
    String token = world.keys.personToken("bob");
    List<CompletableFuture<Boolean>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      answers.add(
          CompletableFuture.supplyAsync(
              () ->
                  as(token)
                      .queryParam("atLeast", Long.MAX_VALUE / 2)
                      .get("/internal/users/bob/document-version")
                      .then()
                      .statusCode(200)
                      .extract()
                      .path("reached")));
    }
    answers.forEach(answer -> assertEquals(false, answer.join()));
  }

  @Test
  void bodiesAreCountedFromCallersWhoAreKnown() throws Exception {
    String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
    String head =
        "PUT /internal/profiles/p HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    String chunked = "Transfer-Encoding: chunked\r\n\r\n";
    String bearer = "Authorization: Bearer " + world.keys.personToken("bob") + "\r\n";
    assertTrue(spoken(head + chunked).startsWith("HTTP/1.1 401"));
    // Neither body ends; both are answered.
    String tooLarge = spoken(head + bearer + chunked + chunk.repeat(17));
    assertTrue(tooLarge.startsWith("HTTP/1.1 413") && tooLarge.contains("too_large"), tooLarge);
  }

  /** What a connection says until it ends. */
  private static String spoken(String text) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", RestAssured.port)) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

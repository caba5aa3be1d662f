package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.ToolCall;
import dev.countersign.protocol.Topics;
import dev.countersign.protocol.UserDocument;
import dev.countersign.protocol.token.Roles;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A decision counts at its commit. Between the look and the write a lock holds it up, something it
 * rests on is changed there, and whatever was acknowledged meanwhile must be known to it.
 */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class FenceIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String NOBODY_WRITES_REQUESTS = "LOCK TABLE request IN SHARE MODE";
  private static final String STORING = "WITH incoming AS%";
  private static final String OTHERS =
      "query NOT LIKE 'WITH incoming AS%' AND query NOT LIKE '% request %'";
  private static final String ENDING = "UPDATE request r SET state%";

  private final World world = World.get();
  private final FakeStore store = new FakeStore(world);

  @AfterEach
  void nothingIsSettledAnyMore() {
    settle(UserDocument.EMPTY);
    rules("");
  }

  // Changes, each acknowledged when it returns

  private void settle(UserDocument document) {
    long version = store.publish(World.OWNER, document);
    awaitNumber(
        "SELECT count(*) FROM override_projection WHERE user_id = 'ann' AND version >= " + version);
  }

  private void rules(String lines) {
    long revision = Hold.number("SELECT revision FROM managed_fence") + 1;
    BackendsResource.write(
        Path.of(System.getProperty(BackendsResource.RULES)),
        "revision " + revision + "\n" + lines + "\n");
    awaitNumber("SELECT count(*) FROM managed_fence WHERE revision >= " + revision);
  }

  private static UserDocument never(String resource) {
    return entry(resource, "never", null);
  }

  private static UserDocument entry(String resource, String level, String until) {
    return new UserDocument(
        1,
        null,
        Map.of(
            "Bash",
            new UserDocument.Tool(null, Map.of(resource, new UserDocument.Entry(level, until)))));
  }

  private static void awaitNumber(String sql) {
    Awaitility.await(sql).atMost(PATIENCE).until(() -> Hold.number(sql) > 0);
  }

  private static boolean past(Instant time) {
    return Hold.number("SELECT count(*) WHERE clock_timestamp() > '" + time + "'") > 0;
  }

  private static RequestSpecification owner() {
    return given()
        .header(
            "Authorization", "Bearer " + World.get().keys.personToken(World.OWNER, Roles.APPROVER))
        .contentType("application/json");
  }

  private static String grant(String resource, Map<String, ?> more) {
    return owner()
        .queryParam("tool", "Bash")
        .queryParam("resource", resource)
        .body(more)
        .put("/internal/users/{user}/grants", World.OWNER)
        .then()
        .statusCode(200)
        .extract()
        .path("id");
  }

  /** However long giving it takes, it is given in time. */
  private static void grantUntil(String resource, Map<String, ?> more, Instant end) {
    Map<String, Object> until = new HashMap<>(more);
    until.put("until", Instant.now().plus(Duration.ofHours(1)).toString());
    String grant = grant(resource, until);
    Hold.run("UPDATE permission_grant SET ends_at = '%s' WHERE id = '%s'".formatted(end, grant));
  }

  private static void revoke(String grant) {
    owner().delete("/internal/users/{user}/grants/{id}", World.OWNER, grant).then().statusCode(200);
  }

  private static SessionSettings denying(String rule) {
    return new SessionSettings(
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        new RuleSet(null, null, List.of(rule)),
        null,
        null);
  }

  private static SessionSettings profile(String mode, String profile) {
    return new SessionSettings(
        mode, profile, null, null, null, List.of("/proj"), null, null, null, null, null);
  }

  private static void based(String name, String base) {
    var before = owner().get("/internal/profiles/{name}", name);
    RequestSpecification put = owner();
    if (before.statusCode() == 200) {
      put = put.header("If-Match", before.header("ETag"));
    }
    put.body(Map.of("schemaVersion", 1, "base", base))
        .put("/internal/profiles/{name}", name)
        .then()
        .statusCode(org.hamcrest.Matchers.lessThan(300));
  }

  // The race

  private void acknowledged(boolean ok) {
    assertTrue(ok, "the change was refused");
  }

  /** What was acknowledged before the decision's commit is known to the decision. */
  private void raced(String look, Supplier<String> ask, Runnable change) {
    String request;
    boolean acknowledged;
    CompletableFuture<Void> changing;
    try (Hold hold = Hold.of(NOBODY_WRITES_REQUESTS)) {
      request = ask.get();
      Hold.awaitWaiting(look, () -> false);
      changing = CompletableFuture.runAsync(change);
      CompletableFuture<Void> change1 = changing;
      Awaitility.await("the change")
          .atMost(PATIENCE)
          .until(() -> change1.isDone() || Hold.waiting(OTHERS));
      acknowledged = changing.isDone();
    }
    changing.join();
    assertFalse(acknowledged && allowed(request), "allowed after the change was acknowledged");
  }

  private boolean allowed(String request) {
    awaitNumber(
        "SELECT count(*) FROM request WHERE request_id = '"
            + request
            + "' AND (state = 'decided' OR published_rev = rev)");
    return Hold.number(
            "SELECT count(*) FROM request WHERE request_id = '"
                + request
                + "' AND effect = 'allow'")
        > 0;
  }

  private void stored(String session, ToolCall call, Runnable change) {
    raced(STORING, () -> world.ask(session, call), change);
  }

  /** What allows the call ends after the look; later for a machine that is slow to look. */
  private void endedMeanwhile(String session, ToolCall call, Consumer<Instant> allowedUntil) {
    AtomicBoolean lookedInTime = new AtomicBoolean();
    for (int seconds = 3; !lookedInTime.get(); seconds *= 2) {
      Instant end = Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.MILLIS);
      allowedUntil.accept(end);
      stored(
          session,
          call,
          () -> {
            lookedInTime.set(!past(end));
            Awaitility.await().atMost(PATIENCE).until(() -> past(end));
          });
    }
  }

  private String bypass() {
    return world.session(mode("bypassPermissions"), "bypass");
  }

  @Test
  void noAllowIsStoredUnderASessionThatChangedMeanwhile() {
    String mode = bypass();
    stored(mode, bash("npm publish"), () -> acknowledged(world.set(mode, mode("plan")).ok()));
    String rule = bypass();
    stored(
        rule,
        bash("npm publish x"),
        () -> acknowledged(world.set(rule, denying("Bash(npm publish *)")).ok()));
    String parent = bypass();
    String child = id("s");
    acknowledged(
        world
            .start(child, parent, mode("bypassPermissions"), World.OWNER, Map.of(), "bypass")
            .ok());
    stored(child, bash("npm publish"), () -> acknowledged(world.set(parent, mode("plan")).ok()));
    String closed = bypass();
    stored(closed, bash("npm publish"), () -> acknowledged(world.close(closed).ok()));
    String profile = id("p");
    based(profile, "workspace");
    String narrowed = world.session(profile("acceptEdits", "custom(" + profile + ")"));
    ToolCall edit = World.call("Write", Map.of("file_path", "/proj/a.txt", "content", "x"));
    String before = world.ask(narrowed, edit);
    assertTrue(allowed(before), () -> world.prompt(before).toString());
    stored(narrowed, edit, () -> based(profile, "read_only"));
  }

  @Test
  void noAllowIsStoredUnderADocumentThatChangedOrEndedMeanwhile() {
    String session = bypass();
    stored(session, bash("npm publish x"), () -> settle(never("npm publish *")));
    endedMeanwhile(
        world.session(mode("default")),
        bash("deploy-it now"),
        end -> settle(entry("deploy-it *", "always", end.toString())));
  }

  @Test
  void noAllowIsStoredUnderManagedRulesThatChangedMeanwhile() {
    String session = bypass();
    stored(session, bash("npm publish x"), () -> rules("deny Bash(npm publish *)"));
  }

  @Test
  void noAllowIsStoredByAGrantThatEndedMeanwhile() {
    String session = world.session(mode("default"));
    String counted = grant("counted-it *", Map.of("level", "always", "uses", 5));
    stored(session, bash("counted-it x"), () -> revoke(counted));
    Map<String, Object> inSession = Map.of("level", "always", "session", session);
    String whole = grant("session-it *", inSession);
    stored(session, bash("session-it x"), () -> revoke(whole));
    endedMeanwhile(session, bash("timed-it x"), end -> grantUntil("timed-it *", inSession, end));
    Map<String, Object> counting = Map.of("level", "always", "uses", 5);
    endedMeanwhile(session, bash("both-it x"), end -> grantUntil("both-it *", counting, end));
  }

  /** A change that is not committed yet when the decision is written: the decision waits for it. */
  private void waitedFor(String session, ToolCall call, String change) {
    String request;
    try (Hold hold = Hold.of(change)) {
      request = world.ask(session, call);
      Hold.awaitWaiting(STORING, () -> false);
    }
    assertFalse(allowed(request), change);
  }

  @Test
  void aChangeInFlightIsWaitedForAndKnown() {
    String session = bypass();
    assertTrue(allowed(world.ask(session, bash("npm publish 1"))));
    waitedFor(
        session,
        bash("npm publish 2"),
        "UPDATE session SET version = version + 1, settings = replace(settings,"
            + " 'bypassPermissions', 'plan') WHERE id = '"
            + session
            + "'");
    String granted = world.session(mode("default"));
    grant("granted-it *", Map.of("level", "always", "session", granted));
    waitedFor(
        granted,
        bash("granted-it x"),
        "UPDATE permission_grant SET dead_at = clock_timestamp(), ended = 'revoked'"
            + " WHERE session_id = '"
            + granted
            + "'");
  }

  @Test
  void noPromptIsAllowedUnderAPolicyThatChangedMeanwhile() {
    String session = world.session(mode("default"));
    String asked = world.ask(session, bash("npm publish x"));
    PromptState prompt = world.prompt(asked);
    raced(
        ENDING,
        () -> {
          PermissionAnswer yes =
              new PermissionAnswer(
                  null, prompt.promptId(), id("a"), "allow_once", prompt.digest(), null, null);
          world.sendAnswer(yes, World.OWNER, Map.of());
          return asked;
        },
        () -> settle(never("npm publish *")));
  }

  @Test
  void theSweepAllowsNothingUnderAModeThatChangedMeanwhile() {
    String session = world.session(mode("default"));
    String asked = world.ask(session, bash("npm publish x"));
    world.prompt(asked);
    raced(
        ENDING,
        () -> {
          acknowledged(world.set(session, mode("bypassPermissions"), "bypass").ok());
          return asked;
        },
        () -> acknowledged(world.set(session, mode("plan")).ok()));
  }

  @Test
  void alwaysAllowsNothingUnderRulesThatChangedMeanwhile() throws Exception {
    String session = world.session(mode("default"));
    String asked = world.ask(session, bash("npm publish x"));
    PromptState prompt = world.prompt(asked);
    String always =
        prompt.options().stream()
            .map(o -> o.optionId())
            .filter(o -> o.startsWith("allow_always"))
            .findFirst()
            .orElseThrow();
    PermissionAnswer answer =
        new PermissionAnswer(null, prompt.promptId(), id("a"), always, prompt.digest(), null, null);
    world.sendAnswer(answer, World.OWNER, Map.of());
    OverrideCommand command = store.command(prompt.promptId());
    raced(
        ENDING,
        () -> {
          store.store(command);
          return asked;
        },
        () -> rules("deny Bash(npm publish *)"));
    world.await("reply", Topics.REPLIES, PermissionReply.class, r -> asked.equals(r.requestId()));
  }

  @Test
  void theCacheHandsOutNothingThatTheRowsDoNotSay() {
    String session = bypass();
    assertTrue(allowed(world.ask(session, bash("npm publish 1"))));
    // As after a failover to a standby on which the same version came to say something else.
    Hold.run(
        "UPDATE session SET settings = replace(settings, 'bypassPermissions', 'plan')"
            + " WHERE id = '"
            + session
            + "'");
    assertFalse(allowed(world.ask(session, bash("npm publish 2"))));
    String child = id("s");
    String parent = bypass();
    acknowledged(
        world
            .start(child, parent, mode("bypassPermissions"), World.OWNER, Map.of(), "bypass")
            .ok());
    assertTrue(allowed(world.ask(child, bash("npm publish 3"))));
    Hold.run(
        "UPDATE session SET settings = replace(settings, 'bypassPermissions', 'plan')"
            + " WHERE id = '"
            + parent
            + "'");
    assertFalse(allowed(world.ask(child, bash("npm publish 4"))));
  }

  @Test
  void theCacheHandsOutNothingThatTheDocumentDoesNotSay() {
    String session = bypass();
    settle(never("npm deprecate *"));
    assertTrue(allowed(world.ask(session, bash("npm publish 1"))));
    Hold.run(
        "UPDATE override_projection SET document = convert_to(replace(convert_from(document,"
            + " 'UTF8'), 'deprecate', 'publish'), 'UTF8') WHERE user_id = 'ann'");
    assertFalse(allowed(world.ask(session, bash("npm publish 2"))));
  }

  @Test
  void theCacheHandsOutNothingThatTheManagedRulesDoNotSay() {
    String session = bypass();
    rules("deny Bash(npm deprecate *)");
    assertTrue(allowed(world.ask(session, bash("npm publish 1"))));
    Hold.run(
        "UPDATE managed_rules SET body = replace(body, 'deprecate', 'publish')"
            + " WHERE revision = (SELECT revision FROM managed_fence)");
    assertFalse(allowed(world.ask(session, bash("npm publish 2"))));
  }
}

package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.mode;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PermissionReply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The administrators' file while the service runs. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class ManagedRulesIT {
  private final World world = World.get();
  private final Path file = Path.of(System.getProperty(BackendsResource.RULES));

  private final long first = Hold.number("SELECT revision FROM managed_fence") + 1;

  private void write(long revision, String lines) {
    BackendsResource.write(file, "revision " + revision + "\n" + lines + "\n");
  }

  private static ValidatableResponse health() {
    return given().get("/q/health/well").then();
  }

  private static void awaitProblem(String words) {
    Awaitility.await(words)
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                health()
                    .statusCode(503)
                    .body(
                        "checks.find { it.name == 'managed-rules' }.data.problem",
                        containsString(words)));
  }

  private static void awaitWell() {
    Awaitility.await("well")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> health().statusCode(200));
  }

  @Test
  void aNewRevisionIsTakenOverABrokenOrLowerOneIsNot() {
    String session = world.session(mode("default"));
    write(first, "deny Bash(forbidden-by-revision-1 *)");
    awaitWell();
    assertEquals(
        DecidedBy.RULE, world.decision(session, bash("forbidden-by-revision-1 x")).decidedBy());
    String open = world.ask(session, bash("forbidden-by-revision-2 x"));
    world.prompt(open);
    write(first + 1, "deny Bash(forbidden-by-revision-2 *)");
    PermissionReply ended = world.reply(open);
    assertEquals(Effect.DENY, ended.effect());
    assertEquals(DecidedBy.RULE, ended.decidedBy());
    write(first + 2, "forbid everything");
    awaitProblem("forbid everything");
    write(first, "");
    awaitProblem("lower than the one in force");
    write(first + 3, "deny Bash(forbidden-by-revision-4 *)");
    awaitWell();
    String last = world.ask(session, bash("forbidden-by-revision-4 x"));
    assertEquals(DecidedBy.RULE, world.reply(last).decidedBy());
    assertEquals(first + 3, world.receipt(last).fence().managed());
    // Deny rules of an older revision are gone with it.
    world.prompt(world.ask(session, bash("forbidden-by-revision-2 x")));
  }

  @Test
  void whatIsNotInForceIsSaid() throws IOException {
    String session = world.session(mode("default"));
    write(first, "deny Bash(forbidden-once *)");
    awaitWell();
    write(first, "deny Bash(forbidden-twice *)");
    awaitProblem("needs a higher revision");
    assertEquals(DecidedBy.RULE, world.decision(session, bash("forbidden-once x")).decidedBy());
    world.prompt(world.ask(session, bash("forbidden-twice x")));
    Files.delete(file);
    awaitProblem("cannot be read");
    assertEquals(DecidedBy.RULE, world.decision(session, bash("forbidden-once x")).decidedBy());
    write(first + 1, "");
    awaitWell();
  }
}

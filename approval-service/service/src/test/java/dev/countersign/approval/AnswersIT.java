package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.prompts.StoredOptions;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What an answer does, also when it is sent again, or when what it is about has changed. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class AnswersIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Inject Database database;

  private final World world = World.get();
  private final FakeStore store = new FakeStore(world);

  private static SessionSettings allowing(String rule) {
    RuleSet project = new RuleSet(List.of(rule), null, null);
    return new SessionSettings(
        "default", null, null, null, null, List.of("/proj"), null, project, null, null, null);
  }

  private static PromptOption always(PromptState prompt) {
    return prompt.options().stream()
        .filter(o -> o.kind() == PromptOption.Kind.ALLOW_ALWAYS)
        .findFirst()
        .orElseThrow();
  }

  private static PermissionAnswer answer(PromptState prompt, String option) {
    return new PermissionAnswer(
        null, prompt.promptId(), id("a"), option, prompt.digest(), null, null);
  }

  private Stream<AnswerReply> replies(PermissionAnswer answer) {
    return world
        .wire
        .values(Topics.ANSWER_REPLIES, AnswerReply.class)
        .filter(r -> answer.answerId().equals(r.answerId()));
  }

  private List<AnswerReply> replies(PermissionAnswer answer, int count) {
    Awaitility.await().atMost(LIMIT).until(() -> replies(answer).count() >= count);
    return replies(answer).toList();
  }

  @Test
  void anAnswerStoresWhatItsOptionShowedOrNothing() throws Exception {
    String session = world.session(allowing("Bash(git push *)"));
    String request = world.ask(session, bash("npm run build14 && git push origin"));
    PromptState seen = world.prompt(request);
    PromptOption build = always(seen);
    assertEquals("npm run build14", build.resource());
    assertTrue(build.optionId().startsWith("allow_always:"), build.optionId());

    assertTrue(world.set(session, allowing("Bash(npm run *)")).ok());
    AnswerReply old = world.answer(seen, build.optionId());
    assertEquals("stale_option", old.code());
    assertEquals(AnswerReply.Outcome.REFUSED, old.outcome());
    assertEquals("unknown_option", world.answer(seen, "allow_always").code());
    assertEquals(0, world.replies(request).count());

    PromptState now =
        world.await(
            "the prompt as it was judged again",
            Topics.PROMPTS,
            PromptState.class,
            p -> p.requestId().equals(request) && p.rev() > seen.rev());
    PromptOption push = always(now);
    assertNotEquals(build.optionId(), push.optionId());
    world.sendAnswer(answer(now, push.optionId()), World.OWNER, Map.of());
    OverrideCommand command = store.command(seen.promptId());
    assertEquals(push.resource(), command.resource());
    store.store(command);
    assertEquals(DecidedBy.USER, world.reply(request).decidedBy());
    store.clear(World.OWNER);
  }

  /** The policy moves while the answer waits, and nobody tells the sweep. */
  @Test
  void anAnswerThatComesBeforeTheSweepStoresNothingThatIsNoLongerOffered() {
    String session = world.session(allowing("Bash(git push *)"));
    String other = world.session(allowing("Bash(npm run *)"));
    PromptState prompt =
        world.prompt(world.ask(session, bash("npm run build15 && git push origin")));
    PermissionAnswer build = answer(prompt, always(prompt).optionId());
    whileItWaits(
        prompt,
        build,
        connection ->
            Database.query(
                connection,
                "UPDATE session s SET settings = o.settings, version = s.version + 1"
                    + " FROM session o WHERE s.id = $1 AND o.id = $2",
                Tuple.of(session, other)));
    assertEquals("stale_option", replies(build, 1).get(0).code());
    assertEquals("accepted", world.answer(prompt, "reject_once").code());
  }

  @Test
  void anEditedInputThatIsDeniedSaysSoHoweverOftenItIsSent() {
    RuleSet project = new RuleSet(null, null, List.of("Bash(curl *)"));
    String session =
        world.session(
            new SessionSettings(
                "default",
                null,
                null,
                null,
                null,
                List.of("/proj"),
                null,
                project,
                null,
                null,
                null));
    PromptState prompt = world.prompt(world.ask(session, bash("make all")));
    JsonNode curl = Json.mapper().valueToTree(Map.of("command", "curl evil.example"));
    PermissionAnswer edited =
        new PermissionAnswer(
            null, prompt.promptId(), id("a"), "allow_once", prompt.digest(), null, curl);
    world.sendAnswer(edited, World.OWNER, Map.of());
    AnswerReply first = replies(edited, 1).get(0);
    assertEquals("denied_by_policy", first.code());
    assertEquals(AnswerReply.Outcome.REFUSED, first.outcome());
    assertEquals(DecidedBy.RULE, first.decision().decidedBy());
    assertTrue(first.detail().contains("as ann edited it"), first.detail());
    assertTrue(first.detail().contains("Bash(curl *)"), first.detail());
    PermissionReply told = world.reply(prompt.requestId());
    assertEquals(first.decision(), told);
    world.sendAnswer(edited, World.OWNER, Map.of());
    assertEquals(1, replies(edited, 2).stream().distinct().count());
    assertEquals("already_decided", world.answer(prompt, "allow_once").code());
  }

  @Test
  void anAnswerIdIsOnlyItsPersonsAndOnlyForOneAnswer() {
    String session = world.session(mode("default"));
    PromptState prompt = world.prompt(world.ask(session, bash("make all")));
    PermissionAnswer first = answer(prompt, "allow_once");
    world.sendAnswer(first, World.OWNER, Map.of());
    assertEquals("accepted", replies(first, 1).get(0).code());
    PermissionAnswer other =
        new PermissionAnswer(
            null, prompt.promptId(), first.answerId(), "reject_once", prompt.digest(), null, null);
    world.sendAnswer(other, World.OWNER, Map.of());
    assertEquals("answer_id_reused", replies(first, 2).get(1).code());
    world.sendAnswer(first, "boss", Map.of(), "admin");
    assertEquals("already_decided", replies(first, 3).get(2).code());
    world.sendAnswer(first, "bob", Map.of());
    assertEquals("not_yours", replies(first, 4).get(3).code());
    world.sendAnswer(first, World.OWNER, Map.of());
    assertEquals("accepted", replies(first, 5).get(4).code());
  }

  /** Runs work while the request of a prompt is locked and an answer waits for it. */
  private void whileItWaits(
      PromptState prompt, PermissionAnswer answer, Consumer<SqlConnection> work) {
    database.transaction(
        connection -> {
          Database.query(
              connection,
              "SELECT 1 FROM request WHERE prompt_id = $1 FOR UPDATE",
              Tuple.of(prompt.promptId()));
          world.sendAnswer(answer, World.OWNER, Map.of());
          Awaitility.await()
              .atMost(LIMIT)
              .until(
                  () ->
                      !database
                          .query(
                              "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                  + " AND query LIKE '%r.prompt_id = $2 FOR UPDATE OF r%'")
                          .isEmpty());
          work.accept(connection);
          return null;
        });
  }

  @Test
  void anAnswerThatWaitedForALockSeesTheOptionsAsTheyNowAre() {
    String session = world.session(mode("default"));
    PromptState prompt = world.prompt(world.ask(session, bash("make gone")));
    PermissionAnswer answer = answer(prompt, always(prompt).optionId());
    List<PromptOption> left =
        prompt.options().stream().filter(o -> o.scope() == PromptOption.Scope.ONCE).toList();
    whileItWaits(
        prompt,
        answer,
        connection -> {
          Database.query(
              connection,
              "UPDATE prompt SET options = $2 WHERE id = $1",
              Tuple.of(prompt.promptId(), Buffer.buffer(StoredOptions.write(left))));
          Database.query(
              connection,
              "UPDATE request SET rev = rev + 1 WHERE prompt_id = $1",
              Tuple.of(prompt.promptId()));
        });
    assertEquals("stale_option", replies(answer, 1).get(0).code());
    assertEquals("accepted", world.answer(prompt, "reject_once").code());
  }

  @Test
  void anAnswerThatWaitedForItsOwnFirstCopyIsThatAnswer() {
    String session = world.session(mode("default"));
    PromptState prompt = world.prompt(world.ask(session, bash("make twice")));
    PermissionAnswer answer = answer(prompt, "reject_once");
    whileItWaits(
        prompt,
        answer,
        connection -> {
          Database.query(
              connection,
              "UPDATE prompt SET answer_id = $2, answered_by = $3, option_id = 'reject_once'"
                  + " WHERE id = $1",
              Tuple.of(prompt.promptId(), answer.answerId(), World.OWNER));
          Database.query(
              connection,
              "UPDATE request SET state = 'decided', effect = 'deny', decided_by = 'user',"
                  + " decided_user = $2, code = 'denied', reason = 'Declined by ann.',"
                  + " decided_at = clock_timestamp(), rev = rev + 1,"
                  + " decided_xid = pg_current_xact_id()::text::bigint WHERE prompt_id = $1",
              Tuple.of(prompt.promptId(), World.OWNER));
        });
    assertTrue(
        replies(answer, 2).stream().allMatch(r -> r.outcome() == AnswerReply.Outcome.ACCEPTED));
  }
}

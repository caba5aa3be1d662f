package dev.countersign.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.sessions.SessionReader;
import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.authority.Actor;
import dev.countersign.embedded.authority.AuthorityModel;
import dev.countersign.embedded.authority.AuthorityTable;
import dev.countersign.embedded.authority.ModelSession;
import dev.countersign.embedded.authority.RandomCommands;
import dev.countersign.protocol.DecidedBy;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptOption;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.ToolCall;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random callers, random commands and answers, ids that others used: nobody ever obtains a session,
 * a reply or a change that {@code docs/authority-table.md} does not grant. Each sequence has
 * sessions of its own; its number is its seed.
 */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class AuthoritySequencesIT {
  private static final int AT_ONCE = 16;
  private static final int LENGTH = 10;

  private final AuthorityTable table = AuthorityTable.ofCheckout();
  private final AtomicInteger carriedOut = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();

  @Inject SessionReader sessions;

  @Test
  void nobodyObtainsWhatTheTableDoesNotGrant() throws Exception {
    run(0, 60);
  }

  @Test
  @Tag("exhaustive")
  void nobodyObtainsWhatTheTableDoesNotGrantInTwentyThousandSequences() throws Exception {
    run(1_000_000, 20_000);
  }

  private void run(int from, int sequences) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try (CommandDoor door =
        new CommandDoor(
            System.getProperty(BackendsResource.KAFKA),
            DevKeys.in(Path.of(System.getProperty(BackendsResource.KEYS))))) {
      List<Future<?>> all =
          IntStream.range(from, from + sequences)
              .<Future<?>>mapToObj(seed -> threads.submit(() -> sequence(door, seed)))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    System.out.printf(
        "%d sequences: %d commands carried out, %d refused, %d answers%n",
        sequences, carriedOut.get(), refused.get(), answered.get());
    assertTrue(carriedOut.get() > 5 * sequences, "too little was granted to prove anything");
    assertTrue(refused.get() > 3 * sequences, "too little was refused to prove anything");
    assertTrue(answered.get() > sequences / 2, "too little was answered to prove anything");
  }

  private void sequence(CommandDoor door, int seed) {
    Random random = new Random(seed);
    AuthorityModel model = new AuthorityModel(table, false);
    String prefix = "q" + seed;
    RandomCommands commands = new RandomCommands(random, prefix, model, true);
    try {
      commands.beginning().forEach(sent -> send(door, model, sent));
      Question question = random.nextInt(4) == 0 ? ask(door, model, prefix) : null;
      for (int i = 0; i < LENGTH; i++) {
        if (question != null && random.nextInt(3) > 0) {
          answer(door, model, question, commands.actor(), random, i);
        } else {
          send(door, model, commands.next());
        }
      }
      model.sessions().forEach(session -> stands(model, session));
      if (question != null) {
        decided(door, model, question);
      }
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("sequence " + seed + ": " + e.getMessage(), e);
    }
  }

  private void send(CommandDoor door, AuthorityModel model, RandomCommands.Sent sent) {
    SessionReply reply = door.send(sent.actor(), sent.command());
    model.observe(sent.actor(), sent.command(), reply);
    (reply.ok() ? carriedOut : refused).incrementAndGet();
  }

  /** What a sequence asked a person, in a session of Bob's. */
  private record Question(ModelSession session, PromptState prompt, String answerId) {}

  private static Question ask(CommandDoor door, AuthorityModel model, String prefix) {
    ModelSession session =
        model.sessions().stream().filter(s -> s.owner().equals("bob")).findFirst().orElseThrow();
    ToolCall call =
        new ToolCall(
            "Bash",
            JsonNodeFactory.instance.objectNode().put("command", "git push origin main"),
            "/proj",
            "/home/bob",
            null,
            null);
    PermissionRequest request =
        new PermissionRequest(null, session.id(), prefix + "-r", null, call, null, null, null);
    PromptState prompt = door.prompt(session.id(), session.owner(), request);
    return new Question(session, prompt, prefix + "-answer");
  }

  /** Who may not answer does so under an id that somebody who may has used. */
  private void answer(
      CommandDoor door,
      AuthorityModel model,
      Question question,
      Actor actor,
      Random random,
      int number) {
    PromptOption.Kind kind =
        random.nextBoolean() ? PromptOption.Kind.ALLOW_ONCE : PromptOption.Kind.REJECT_ONCE;
    String option =
        question.prompt().options().stream()
            .filter(o -> o.kind() == kind && o.scope() == PromptOption.Scope.ONCE)
            .findFirst()
            .orElseThrow()
            .optionId();
    int id = model.mayAnswer(actor, question.session()) ? number : random.nextInt(number + 1);
    PermissionAnswer answer =
        new PermissionAnswer(
            actor.tenant(),
            question.prompt().promptId(),
            question.answerId() + id,
            option,
            question.prompt().digest(),
            null,
            null);
    model.observe(actor, question.session(), door.send(actor, answer));
    answered.incrementAndGet();
  }

  /** A person is named only if their answer was accepted. */
  private static void decided(CommandDoor door, AuthorityModel model, Question question) {
    if (model.decider() != null) {
      PermissionReply reply = door.decided(question.prompt().requestId());
      assertEquals(DecidedBy.USER, reply.decidedBy());
      assertEquals(model.decider(), reply.user());
    } else if (door.decision(question.prompt().requestId()).isDone()) {
      PermissionReply reply = door.decided(question.prompt().requestId());
      assertTrue(reply.decidedBy() != DecidedBy.USER, () -> "nobody answered: " + reply);
    }
  }

  /** What is stored is what the carried out commands made of it, and nothing else did. */
  private void stands(AuthorityModel model, ModelSession session) {
    var stored = sessions.find(new SessionKey(session.tenant(), session.id())).orElseThrow();
    var view = sessions.view(stored);
    assertTrue(model.shows(view, session), () -> session + " stands as " + view);
    assertEquals(session.mode(), stored.settings().permissionMode(), session::toString);
  }
}

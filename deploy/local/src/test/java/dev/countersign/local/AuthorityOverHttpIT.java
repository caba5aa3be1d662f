package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.authority.Actor;
import dev.countersign.embedded.authority.AuthorityModel;
import dev.countersign.embedded.authority.AuthorityTable;
import dev.countersign.embedded.authority.ModelSession;
import dev.countersign.embedded.authority.RandomCommands;
import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.SessionView;
import dev.countersign.protocol.token.Roles;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenType;
import dev.countersign.protocol.token.TokenVerifier;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The same as the sequences over Kafka, through the only door for HTTP: no token, reply or change
 * that {@code docs/authority-table.md} does not grant.
 */
@ExtendWith(SystemFixture.Provider.class)
class AuthorityOverHttpIT {
  private static final int AT_ONCE = 8;
  private static final int LENGTH = 10;

  private final SystemFixture system;
  private final DevKeys keys;
  private final TokenVerifier verifier;
  private final AuthorityTable table = AuthorityTable.ofCheckout();
  private final Map<Actor, Gateway> callers = new ConcurrentHashMap<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  AuthorityOverHttpIT(SystemFixture system) {
    this.system = system;
    this.keys = system.stack().keys();
    this.verifier = TokenVerifier.load(keys.trustFile());
  }

  @Test
  @Timeout(300)
  void nobodyObtainsWhatTheTableDoesNotGrant() throws Exception {
    run(0, 20);
  }

  @Test
  @Tag("full")
  @Timeout(900)
  void nobodyObtainsWhatTheTableDoesNotGrantInAThousandSequences() throws Exception {
    run(1_000_000, 1_000);
  }

  private void run(int from, int sequences) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<?>> all =
          IntStream.range(from, from + sequences)
              .<Future<?>>mapToObj(seed -> threads.submit(() -> sequence(seed)))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertTrue(tokens.get() > 3 * sequences, "too little was granted: " + tokens);
    assertTrue(refused.get() > 3 * sequences, "too little was refused: " + refused);
  }

  private void sequence(int seed) {
    Random random = new Random(seed);
    AuthorityModel model = new AuthorityModel(table, true);
    String prefix = "h" + seed;
    RandomCommands commands = new RandomCommands(random, prefix, model, false);
    try {
      commands.beginning().forEach(sent -> send(model, sent));
      JsonNode prompt = random.nextInt(4) == 0 ? ask(model) : null;
      for (int i = 0; i < LENGTH; i++) {
        if (prompt != null && random.nextInt(3) > 0) {
          answer(model, prompt, commands.actor(), prefix + "-answer" + i);
        } else {
          send(model, commands.next());
        }
      }
      model.sessions().forEach(session -> stands(model, session));
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("sequence " + seed + ": " + e.getMessage(), e);
    }
  }

  private void send(AuthorityModel model, RandomCommands.Sent sent) {
    SessionCommand command = asSent(sent);
    Gateway.Reply reply = http(caller(sent.actor()), command);
    boolean ok = reply.status() / 100 == 2;
    SessionView view = ok ? Json.read(Json.write(reply.body()), SessionView.class) : null;
    String code = ok ? "ok" : reply.body().path("code").asText();
    model.observe(
        sent.actor(),
        command,
        new SessionReply(
            command.tenant(),
            command.commandId(),
            command.sessionId(),
            ok,
            code,
            null,
            null,
            view));
    if (ok && command.action() == SessionCommand.Action.START) {
      isFor(reply.body().path("sessionToken").asText(), view);
      tokens.incrementAndGet();
    } else {
      assertFalse(reply.body().has("sessionToken"), () -> reply.toString());
      refused.addAndGet(ok ? 0 : 1);
    }
  }

  /** An agent that names no parent means its own session. */
  private static SessionCommand asSent(RandomCommands.Sent sent) {
    SessionCommand c = sent.command();
    boolean own =
        c.action() == SessionCommand.Action.START
            && c.parentSessionId() == null
            && sent.actor().agent();
    return own
        ? new SessionCommand(
            c.tenant(),
            c.commandId(),
            c.sessionId(),
            c.action(),
            c.owner(),
            sent.actor().session(),
            c.settings(),
            null)
        : c;
  }

  private static Gateway.Reply http(Gateway caller, SessionCommand command) {
    Map<String, String> key = Map.of("Idempotency-Key", command.commandId());
    String path = "/v1/sessions/" + command.sessionId();
    Gateway.Reply reply =
        switch (command.action()) {
          case START -> caller.send("POST", "/v1/sessions", start(command), key);
          case SET ->
              caller.send(
                  "PATCH",
                  path,
                  Map.of("permissionMode", command.settings().permissionMode()),
                  key);
          case CLOSE -> caller.send("DELETE", path, null, key);
        };
    assertFalse(reply.status() >= 500, () -> command + ": " + reply);
    return reply;
  }

  private static Map<String, Object> start(SessionCommand command) {
    Map<String, Object> body = new HashMap<>();
    body.put("sessionId", command.sessionId());
    body.put("permissionMode", command.settings().permissionMode());
    if (command.owner() != null) {
      body.put("owner", command.owner());
    }
    if (command.parentSessionId() != null) {
      body.put("parentSessionId", command.parentSessionId());
    }
    return body;
  }

  private void isFor(String token, SessionView view) {
    try {
      TokenClaims claims = verifier.verify(token, Instant.now(), TokenType.SESSION);
      assertEquals(view.sessionId(), claims.subject());
      assertEquals(view.tenant(), claims.tenant());
      assertEquals(view.owner(), claims.text(TokenClaims.OWNER));
    } catch (TokenException e) {
      throw new AssertionError("the token proves nothing: " + e.code(), e);
    }
  }

  /** Asks in a session of Bob's, and gives the prompt as he reads it. */
  private JsonNode ask(AuthorityModel model) {
    ModelSession session =
        model.sessions().stream().filter(s -> s.owner().equals("bob")).findFirst().orElseThrow();
    Map<String, Object> call =
        Map.of("tool", "Bash", "input", Map.of("command", "git push origin main"), "cwd", "/proj");
    Gateway agent = caller(new Actor(session.tenant(), "bob", List.of(), session.id()));
    agent.post("/v1/sessions/" + session.id() + "/requests", Map.of("toolCall", call)).orThrow();
    Gateway bob = caller(new Actor(session.tenant(), "bob", List.of(Roles.APPROVER), null));
    return bob.get("/v1/prompts?sessionId=" + session.id()).orThrow().path("prompts").path(0);
  }

  private void answer(AuthorityModel model, JsonNode prompt, Actor actor, String answerId) {
    String option = null;
    for (JsonNode offered : prompt.path("options")) {
      option =
          offered.path("kind").asText().equals("allow_once") && option == null
              ? offered.path("optionId").asText()
              : option;
    }
    String id = prompt.path("promptId").asText();
    Gateway.Reply reply =
        caller(actor)
            .post(
                "/v1/prompts/" + id + "/answer",
                Map.of(
                    "optionId",
                    option,
                    "answerId",
                    answerId,
                    "digest",
                    prompt.path("digest").asText()));
    assertFalse(reply.status() >= 500, reply::toString);
    String code = reply.body().path("code").asText();
    AnswerReply.Outcome outcome =
        reply.status() / 100 == 2
            ? AnswerReply.Outcome.ACCEPTED
            : code.equals("already_decided")
                ? AnswerReply.Outcome.ALREADY_DECIDED
                : AnswerReply.Outcome.REFUSED;
    PermissionReply decision =
        reply.body().hasNonNull("decision")
            ? Json.read(Json.write(reply.body().path("decision")), PermissionReply.class)
            : null;
    ModelSession session =
        model.sessions().stream()
            .filter(s -> s.id().equals(prompt.path("sessionId").asText()))
            .filter(s -> s.tenant().equals(DevKeys.TENANT))
            .findFirst()
            .orElseThrow();
    model.observe(
        actor,
        session,
        new AnswerReply(actor.tenant(), id, answerId, outcome, code, null, decision));
  }

  /** What an administrator of the tenant reads is what the carried out commands made of it. */
  private void stands(AuthorityModel model, ModelSession session) {
    Actor admin = new Actor(session.tenant(), "boss", List.of(Roles.ADMIN), null);
    JsonNode read = caller(admin).get("/v1/sessions/" + session.id()).orThrow();
    SessionView view = Json.read(Json.write(read), SessionView.class);
    assertTrue(model.shows(view, session), () -> session + " stands as " + view);
  }

  private Gateway caller(Actor actor) {
    return callers.computeIfAbsent(actor, a -> new Gateway(system.url(), Tokens.of(keys, a)));
  }
}

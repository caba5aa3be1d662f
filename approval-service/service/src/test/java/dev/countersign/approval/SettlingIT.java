package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.db.Database;
import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.OverrideDocument;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.PermissionRequest;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An "always" of one user depends on nobody else's, whatever the users are called. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class SettlingIT {
  @Inject Database database;
  private final World world = World.get();
  private final FakeStore store = new FakeStore(world);

  private PromptState asked(String session, String owner, String command) {
    PermissionRequest request = World.request(session, id("r"), bash(command));
    Map<String, String> headers = world.requestHeaders(request);
    headers.put(Headers.TOKEN, world.keys.sessionToken(session, owner, "test", List.of()));
    world.wire.send(Topics.REQUESTS, session, Json.write(request), headers);
    return world.prompt(request.requestId());
  }

  private void always(PromptState prompt, String owner) {
    world.sendAnswer(
        new PermissionAnswer(
            null,
            prompt.promptId(),
            id("a"),
            prompt.options().stream()
                .filter(o -> o.optionId().startsWith("allow_always"))
                .findFirst()
                .orElseThrow()
                .optionId(),
            prompt.digest(),
            null,
            null),
        owner,
        Map.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth0|5f7c8ec7c33c6c004bbafe82",
        "samlp|corp|CN=Mira Vance,OU=Dev,DC=corp",
        "spiffe://example.org/ns/dev/sa/mira"
      })
  void whoeverMayStartASessionMaySettleSomethingInIt(String owner) throws Exception {
    String session = id("s");
    assertTrue(world.start(session, null, mode("default"), owner, Map.of()).ok());
    PromptState prompt = asked(session, owner, "make mine");
    assertEquals(owner, prompt.owner());

    always(prompt, owner);

    OverrideCommand command = store.command(prompt.promptId());
    assertEquals(owner, command.user());
    store.store(command);
    assertEquals(Effect.ALLOW, world.reply(prompt.requestId()).effect());
    assertEquals(
        world.keys.signer(DevKeys.APPROVAL).pseudonym(OverrideDocument.keyOf("default", owner)),
        world.receipt(prompt.requestId()).user());
  }

  @Test
  void aRowThatNoCommandCanBeMadeOfCostsNobodyElseTheirAlways() throws Exception {
    String session = world.session(mode("default"));
    PromptState broken = asked(session, World.OWNER, "make broken");
    PromptState good = asked(session, World.OWNER, "make good");
    // As a fault would leave it: it settles, and its option is not among those of its prompt.
    database.query(
        "UPDATE prompt SET answer_id = 'a', answered_by = $2, option_id = 'vanished',"
            + " command_id = 'prompt:' || id, settling_since = clock_timestamp() WHERE id = $1",
        broken.promptId(),
        World.OWNER);
    database.query(
        "UPDATE request SET state = 'settling', rev = rev + 1 WHERE prompt_id = $1",
        broken.promptId());

    always(good, World.OWNER);

    store.store(store.command(good.promptId()));
    assertEquals(Effect.ALLOW, world.reply(good.requestId()).effect());
    FakeStore.takesTooLong(broken);
    PermissionReply denied = world.reply(broken.requestId());
    assertEquals(Effect.DENY, denied.effect());
    assertEquals("override_not_stored", denied.code());
    store.clear(World.OWNER);
  }

  @Test
  void settlingWaitsForASessionBeforeItHasTheDocumentLikeAnApprovedPlan() throws Exception {
    String session = world.session(mode("default"));
    PromptState prompt = asked(session, World.OWNER, "make held");
    always(prompt, World.OWNER);
    OverrideCommand command = store.command(prompt.promptId());
    String lock = "SELECT FROM session WHERE id = '%s' FOR UPDATE".formatted(session);
    try (Hold approval = Hold.of(lock)) {
      store.store(command);
      Hold.awaitWaiting("%session%", () -> false);
      // Refused as a deadlock if settling has the document.
      approval.also("SELECT FROM override_projection WHERE user_id = 'ann' FOR SHARE");
    }
    assertEquals(Effect.ALLOW, world.reply(prompt.requestId()).effect());
    store.clear(World.OWNER);
  }
}

package dev.countersign.local;

import static dev.countersign.local.SystemFixture.bash;

import dev.countersign.embedded.DevKeys;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.Event;
import dev.countersign.protocol.EventType;
import dev.countersign.protocol.Headers;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.PermissionAnswer;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionSettings;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;

/** Records that are decided or carried out, of every kind that somebody sends and waits for. */
final class GoodRecords {
  private static final int USERS = 20;
  private static final int ANSWERS = 10;

  private final List<Agent> agents;
  private final Senders senders;
  private final Queue<PromptState> open = new ArrayDeque<>();
  private int count;

  /** Opens some prompts, to be answered among the bad records. */
  GoodRecords(DevKeys keys, List<Agent> agents) {
    this.agents = agents;
    this.senders = new Senders(keys);
    Agent asking = agents.get(0);
    for (int i = 0; i < ANSWERS; i++) {
      asking.ask(id(), bash("make good-" + i));
    }
    open.addAll(asking.prompts());
    if (open.size() != ANSWERS) {
      throw new IllegalStateException(open.size() + " prompts are open");
    }
  }

  /** The next one; most are requests. */
  FuzzRecord next() {
    int number = count++;
    return switch (number % 10) {
      case 3 -> session();
      case 6 -> override(number);
      case 9 -> open.isEmpty() ? request(number) : answer(open.remove());
      default -> request(number);
    };
  }

  private FuzzRecord request(int number) {
    Agent agent = agents.get(number % agents.size());
    String id = id();
    return record(
        id,
        agent.request(id, bash("ls folder-" + number), null),
        Map.of(Headers.TOKEN, agent.sessionToken()));
  }

  private FuzzRecord session() {
    SessionSettings settings =
        new SessionSettings(
            "default",
            null,
            null,
            null,
            null,
            List.of(SystemFixture.WORKSPACE),
            null,
            null,
            null,
            null,
            null);
    String id = id();
    return asserted(
        id,
        new SessionCommand(
            null, id, id(), SessionCommand.Action.START, null, null, settings, null));
  }

  private FuzzRecord override(int number) {
    String id = id();
    return asserted(
        id,
        new OverrideCommand(
            null,
            id,
            agents.get(0).user() + "-" + number % USERS,
            OverrideCommand.Action.SET,
            "Bash",
            "make good-" + number,
            "ask",
            false,
            new ChangeSource(ChangeSource.Via.PROMPT, agents.get(0).user(), null, null)));
  }

  private FuzzRecord answer(PromptState prompt) {
    String id = id();
    return asserted(
        id,
        new PermissionAnswer(
            null, prompt.promptId(), id, "allow_once", prompt.digest(), null, null));
  }

  private FuzzRecord asserted(String id, Event event) {
    byte[] value = Json.write(event);
    String person = agents.get(0).user();
    return record(
        id,
        event,
        Map.of(Headers.ASSERTION, senders.assertion(EventType.of(event), person, value)));
  }

  private static FuzzRecord record(String id, Event event, Map<String, String> headers) {
    return new FuzzRecord(id, EventType.of(event).topic(), event.key(), Json.write(event), headers);
  }

  private static String id() {
    return "good-" + UUID.randomUUID();
  }
}

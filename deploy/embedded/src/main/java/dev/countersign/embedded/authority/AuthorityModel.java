package dev.countersign.embedded.authority;

import dev.countersign.protocol.AnswerReply;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionReply;
import dev.countersign.protocol.SessionView;
import dev.countersign.protocol.SettingWords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What sessions stand at after a sequence of commands, and whether each reply was one that the
 * authority table grants. It knows no more than the table, the commands and the replies. Not
 * thread-safe: one model for one sequence.
 */
public final class AuthorityModel {
  private record Key(String tenant, String id) {}

  private record Memory(String tenant, String person, String session, String commandId) {}

  private record Remembered(String said, SessionReply reply) {}

  private static final String ON = "session";
  private static final String NEW = "new";

  private final AuthorityTable table;
  private final boolean startsShowWhatStands;
  private final Map<Key, ModelSession> sessions = new HashMap<>();
  private final Map<Memory, Remembered> memory = new HashMap<>();
  private String decider;

  /**
   * @param startsShowWhatStands whether a start that is sent again is told how the session stands
   *     by now, as over HTTP, where it gets a token, and not its first reply
   */
  public AuthorityModel(AuthorityTable table, boolean startsShowWhatStands) {
    this.table = table;
    this.startsShowWhatStands = startsShowWhatStands;
  }

  public Collection<ModelSession> sessions() {
    return List.copyOf(sessions.values());
  }

  Optional<ModelSession> session(String tenant, String id) {
    return Optional.ofNullable(sessions.get(new Key(tenant, id)));
  }

  /** What the session effectively may. */
  public String effective(ModelSession session) {
    String least = session.mode();
    for (String above : session.path()) {
      least = lesser(least, sessions.get(new Key(session.tenant(), above)).mode());
    }
    return least;
  }

  private static String lesser(String one, String other) {
    List<String> order = SettingWords.PERMISSION_MODES;
    return order.indexOf(one) <= order.indexOf(other) ? one : other;
  }

  /**
   * Takes the reply to a command.
   *
   * @throws AssertionError if the table does not grant what it brought
   */
  public void observe(Actor actor, SessionCommand command, SessionReply reply) {
    String said = String.join(" ", actor.roles().stream().sorted().toList()) + text(command);
    Memory key = new Memory(actor.tenant(), actor.person(), actor.session(), command.commandId());
    Remembered before = memory.putIfAbsent(key, new Remembered(said, reply));
    if (before != null && before.said().equals(said)) {
      boolean same =
          startsShowWhatStands && command.action() == SessionCommand.Action.START
              ? startedAsItStands(before.reply(), reply)
              : before.reply().equals(reply);
      require(same, "the same command has another reply", actor, command);
      return;
    }
    if (!reply.ok()) {
      require(reply.session() == null, "a refusal shows a session", actor, command);
      boolean reused = reply.code().equals("command_id_reused");
      require(reused == (before != null), "refused as " + reply.code(), actor, command);
      return;
    }
    require(before == null, "a reused id was carried out", actor, command);
    require(grants(actor, command), "the table does not grant it", actor, command);
    ModelSession now = carryOut(actor, command);
    require(shows(reply.session(), now), "shows " + reply.session(), actor, command);
  }

  private boolean startedAsItStands(SessionReply first, SessionReply again) {
    if (!first.ok()) {
      return again.code().equals(first.code()) && !again.ok();
    }
    ModelSession now = sessions.get(new Key(first.tenant(), first.sessionId()));
    return now.closed()
        ? !again.ok() && again.code().equals("session_closed")
        : again.ok() && shows(again.session(), now);
  }

  /** Whether somebody may answer the prompts of a session. */
  public boolean mayAnswer(Actor actor, ModelSession asked) {
    return table.grants(ON, "answer its prompts", actor.standsTo(asked));
  }

  /** Takes the reply to an answer to the prompt of a session. */
  public void observe(Actor actor, ModelSession asked, AnswerReply reply) {
    boolean granted = mayAnswer(actor, asked);
    boolean accepted = reply.outcome() == AnswerReply.Outcome.ACCEPTED;
    if (!granted && (reply.outcome() != AnswerReply.Outcome.REFUSED || reply.decision() != null)) {
      throw new AssertionError(actor + " got " + reply + " for a prompt of " + asked);
    }
    if (accepted && decider == null) {
      decider = actor.person();
    }
  }

  /** The person whose answer was accepted first; null if none was. */
  public String decider() {
    return decider;
  }

  /** Whether a view shows just this session. */
  public boolean shows(SessionView view, ModelSession now) {
    return view != null
        && view.tenant().equals(now.tenant())
        && view.sessionId().equals(now.id())
        && view.owner().equals(now.owner())
        && Objects.equals(view.parentSessionId(), now.parent())
        && view.permissionMode().equals(effective(now))
        && (view.closedAt() != null) == now.closed();
  }

  private boolean grants(Actor actor, SessionCommand command) {
    ModelSession found = sessions.get(new Key(actor.tenant(), command.sessionId()));
    return switch (command.action()) {
      case START -> mayStart(actor, command, found);
      case SET ->
          found != null
              && !found.closed()
              && table.grants(ON, "set its mode, profile, policies, rules", actor.standsTo(found))
              && lesser(command.settings().permissionMode(), widest(actor, null))
                  .equals(command.settings().permissionMode());
      case CLOSE ->
          found != null
              ? table.grants(ON, "close it", actor.standsTo(found))
              : table.grants(
                  NEW,
                  named(actor, command).equals(actor.person())
                      ? "close it in one's own name"
                      : "close it in another person's name",
                  actor.kind());
    };
  }

  private boolean mayStart(Actor actor, SessionCommand command, ModelSession found) {
    if (found != null && !givesWay(found, actor, command)) {
      return !found.closed()
          && table.grants(ON, "start it again", actor.standsTo(found))
          && Objects.equals(found.parent(), command.parentSessionId())
          && (command.owner() == null || command.owner().equals(found.owner()));
    }
    if (command.parentSessionId() == null) {
      String row =
          named(actor, command).equals(actor.person())
              ? "start a root session of one's own"
              : "start a root session of another person";
      return table.grants(NEW, row, actor.kind());
    }
    ModelSession parent = sessions.get(new Key(actor.tenant(), command.parentSessionId()));
    return parent != null
        && !parent.closed()
        && table.grants(ON, "start a child below it", actor.standsTo(parent))
        && (command.owner() == null || command.owner().equals(parent.owner()));
  }

  /** Closed before it was started, in the name of somebody else than this start's owner. */
  private boolean givesWay(ModelSession found, Actor actor, SessionCommand command) {
    return found.closed() && found.unstarted() && !owner(actor, command).equals(found.owner());
  }

  private String owner(Actor actor, SessionCommand command) {
    return Optional.ofNullable(command.parentSessionId())
        .flatMap(id -> session(actor.tenant(), id))
        .map(ModelSession::owner)
        .orElseGet(() -> named(actor, command));
  }

  private static String named(Actor actor, SessionCommand command) {
    return command.owner() == null ? actor.person() : command.owner();
  }

  private String widest(Actor actor, ModelSession parent) {
    if (actor.agent()) {
      return parent == null ? SettingWords.PERMISSION_MODES.get(0) : effective(parent);
    }
    String row = actor.bypass() ? "person with bypass" : "person";
    return table.cell("ceiling", row, "the widest mode it can give");
  }

  private ModelSession carryOut(Actor actor, SessionCommand command) {
    Key key = new Key(actor.tenant(), command.sessionId());
    ModelSession found = sessions.get(key);
    ModelSession now =
        switch (command.action()) {
          case START ->
              found != null && !givesWay(found, actor, command) ? found : started(actor, command);
          case SET -> found.set(command.settings().permissionMode());
          case CLOSE -> found == null ? unstarted(actor, command) : found.end();
        };
    sessions.put(key, now);
    if (command.action() == SessionCommand.Action.CLOSE) {
      sessions.replaceAll((k, s) -> below(s, now) ? s.end() : s);
    }
    return now;
  }

  private static boolean below(ModelSession session, ModelSession above) {
    return session.tenant().equals(above.tenant()) && session.path().contains(above.id());
  }

  private ModelSession started(Actor actor, SessionCommand command) {
    ModelSession parent =
        command.parentSessionId() == null
            ? null
            : sessions.get(new Key(actor.tenant(), command.parentSessionId()));
    List<String> path = new ArrayList<>(parent == null ? List.of() : parent.path());
    if (parent != null) {
      path.add(parent.id());
    }
    String mode = lesser(command.settings().permissionMode(), widest(actor, parent));
    return new ModelSession(
        actor.tenant(),
        command.sessionId(),
        owner(actor, command),
        command.parentSessionId(),
        path,
        mode,
        false,
        false);
  }

  private static ModelSession unstarted(Actor actor, SessionCommand command) {
    return new ModelSession(
        actor.tenant(),
        command.sessionId(),
        named(actor, command),
        null,
        List.of(),
        "default",
        true,
        !actor.admin());
  }

  private void require(boolean holds, String what, Actor actor, SessionCommand command) {
    if (!holds) {
      throw new AssertionError(
          "%s: %s by %s; sessions are %s".formatted(what, text(command), actor, sessions.values()));
    }
  }

  private static String text(SessionCommand command) {
    return new String(Json.write(command), StandardCharsets.UTF_8);
  }
}

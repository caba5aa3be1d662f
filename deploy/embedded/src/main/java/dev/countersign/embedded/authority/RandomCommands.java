package dev.countersign.embedded.authority;

import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionCommand.Action;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.token.Roles;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Commands of a sequence: of random people and agents, on a few sessions, under a few ids that
 * everybody uses again. The same seed and the same replies give the same sequence.
 */
public final class RandomCommands {
  /** Who sends what. */
  public record Sent(Actor actor, SessionCommand command) {}

  private static final List<String> MODES =
      List.of("plan", "default", "acceptEdits", "auto", "bypassPermissions");
  private static final String HERE = "default";
  private static final String ELSEWHERE = "elsewhere";

  private final Random random;
  private final String prefix;
  private final AuthorityModel model;
  private final boolean namesOwnersOnClose;
  private final List<SessionCommand> said = new ArrayList<>();

  /**
   * A sequence.
   *
   * @param prefix of all ids, so that sequences do not meet
   * @param namesOwnersOnClose whether a close can name an owner; over HTTP it cannot
   */
  public RandomCommands(
      Random random, String prefix, AuthorityModel model, boolean namesOwnersOnClose) {
    this.random = random;
    this.prefix = prefix;
    this.model = model;
    this.namesOwnersOnClose = namesOwnersOnClose;
  }

  /** What a sequence begins with: two trees of different owners, with siblings of other modes. */
  public List<Sent> beginning() {
    Actor ann = new Actor(HERE, "ann", List.of(Roles.APPROVER, Roles.BYPASS), null);
    Actor bob = new Actor(HERE, "bob", List.of(Roles.APPROVER), null);
    return List.of(
        new Sent(ann, start(0, null, "bypassPermissions")),
        new Sent(ann, start(1, 0, "plan")),
        new Sent(ann, start(2, 0, random.nextBoolean() ? "bypassPermissions" : "default")),
        new Sent(bob, start(3, null, "default")));
  }

  private SessionCommand start(int id, Integer parent, String mode) {
    return command(
        HERE, "begin-" + id, id(id), Action.START, parent == null ? null : id(parent), mode);
  }

  /** The next command: an earlier one again, of whomever, or a new one under a used id. */
  public Sent next() {
    Actor actor = actor();
    if (!said.isEmpty() && random.nextInt(3) == 0) {
      SessionCommand again = said.get(random.nextInt(said.size()));
      return new Sent(actor, moved(again, actor.tenant()));
    }
    Action action = Action.values()[random.nextInt(10) < 6 ? 0 : random.nextInt(3)];
    String parent = actor.agent() && random.nextInt(3) > 0 ? actor.session() : parent();
    SessionCommand command =
        command(
            actor.tenant(),
            "key-" + random.nextInt(4),
            id(random.nextInt(7)),
            action,
            action == Action.START ? parent : null,
            action == Action.CLOSE ? null : MODES.get(random.nextInt(MODES.size())));
    SessionCommand owned = withOwner(command);
    said.add(owned);
    return new Sent(actor, owned);
  }

  private String parent() {
    return random.nextBoolean() ? null : id(random.nextInt(7));
  }

  private SessionCommand withOwner(SessionCommand c) {
    boolean may = c.action() == Action.START || c.action() == Action.CLOSE && namesOwnersOnClose;
    if (!may || random.nextInt(3) > 0) {
      return c;
    }
    String owner = random.nextBoolean() ? "ann" : "bob";
    return new SessionCommand(
        c.tenant(),
        c.commandId(),
        c.sessionId(),
        c.action(),
        owner,
        c.parentSessionId(),
        c.settings(),
        null);
  }

  private static SessionCommand moved(SessionCommand c, String tenant) {
    return new SessionCommand(
        tenant,
        c.commandId(),
        c.sessionId(),
        c.action(),
        c.owner(),
        c.parentSessionId(),
        c.settings(),
        null);
  }

  /** Somebody: a person of any roles, or the agent of a session, of this tenant or another. */
  public Actor actor() {
    List<ModelSession> known = List.copyOf(model.sessions());
    String tenant = random.nextInt(8) == 0 ? ELSEWHERE : HERE;
    if (random.nextBoolean() && !known.isEmpty()) {
      ModelSession session = known.get(random.nextInt(known.size()));
      String owner =
          model.session(tenant, session.id()).map(ModelSession::owner).orElse(session.owner());
      return new Actor(tenant, owner, List.of(), session.id());
    }
    List<String> roles = new ArrayList<>();
    if (random.nextInt(4) > 0) {
      roles.add(Roles.APPROVER);
    }
    if (random.nextInt(4) == 0) {
      roles.add(Roles.BYPASS);
    }
    boolean admin = random.nextInt(5) == 0;
    if (admin) {
      roles.add(Roles.ADMIN);
    }
    String person = admin ? "boss" : List.of("ann", "bob", "eve").get(random.nextInt(3));
    return new Actor(tenant, person, roles, null);
  }

  private String id(int number) {
    return prefix + "-" + number;
  }

  private SessionCommand command(
      String tenant, String key, String session, Action action, String parent, String mode) {
    SessionSettings settings =
        new SessionSettings(mode, null, null, null, null, null, null, null, null, null, null);
    return new SessionCommand(
        tenant,
        prefix + "-" + key,
        session,
        action,
        null,
        parent,
        mode == null ? SessionSettings.none() : settings,
        null);
  }
}

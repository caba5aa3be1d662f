package dev.countersign.approval.sessions;

import dev.countersign.approval.launch.LaunchArgs;
import dev.countersign.approval.policies.PolicyAssembler;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.policy.Ancestor;
import dev.countersign.policy.EffectivePermissions;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Profile;
import dev.countersign.protocol.Engine;
import dev.countersign.protocol.SessionCommand;
import dev.countersign.protocol.SessionSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What session commands do. Pure: nothing is stored or sent here. */
final class SessionRules {
  private static final int MAX_DEPTH = 16;

  private SessionRules() {}

  /**
   * A session above another, with those above it.
   *
   * @param above root first
   */
  record Parent(StoredSession session, List<StoredSession> above) {
    List<StoredSession> chain() {
      List<StoredSession> chain = new ArrayList<>(above);
      chain.add(session);
      return chain;
    }
  }

  /** The session that a start creates. */
  static StoredSession start(
      SessionCommand command, Sender sender, Optional<Parent> parent, Optional<String> fallback) {
    String owner = owner(command, sender, parent);
    SettingsCheck.words(command.settings());
    List<StoredSession> above = parent.map(Parent::chain).orElse(List.of());
    Ceiling.Lowered asked =
        sender.agent()
            ? AgentStart.tightening(command.settings(), parent.orElseThrow().session().settings())
            : new Ceiling.Lowered(command.settings(), List.of());
    SessionSettings wanted = asked.settings();
    boolean inherits = sender.agent() && AgentStart.inherits(wanted);
    ModeChoice choice = inherits ? AgentStart.inherited() : ModeChoice.of(wanted, fallback);
    PermissionMode acting =
        sender.agent() && !inherits ? effective(settings(above), Map.of()).mode() : null;
    PermissionMode most = inherits ? choice.mode() : sender.ceiling(acting);
    Ceiling.Lowered lowered = new Ceiling(most, sender.bypass()).lower(wanted, choice.mode());
    List<String> warnings = new ArrayList<>(asked.warnings());
    warnings.addAll(lowered.warnings());
    SettingsCheck.policy(lowered.settings(), settings(above));
    warnings.addAll(warnings(lowered.settings(), settings(above)));
    return new StoredSession(
        new SessionKey(command.tenant(), command.sessionId()),
        owner,
        command.parentSessionId(),
        above.stream().map(s -> s.key().id()).toList(),
        lowered.settings(),
        choice.source(),
        warnings,
        1,
        Instant.EPOCH,
        null);
  }

  /** What people should know about settings: what an engine's arguments lost, and what of rules. */
  private static List<String> warnings(SessionSettings own, List<SessionSettings> above) {
    List<SessionSettings> chain = new ArrayList<>(above);
    chain.add(own);
    List<String> warnings =
        new ArrayList<>(LaunchArgs.of(own.engine(), effective(chain, Map.of())).warnings());
    warnings.addAll(SettingsCheck.rules(own, above));
    return warnings;
  }

  private static String owner(SessionCommand command, Sender sender, Optional<Parent> parent) {
    if (parent.isPresent()) {
      StoredSession above = parent.get().session();
      if (above.closed()) {
        throw new RefusedException("session_closed", "parentSessionId", "is closed");
      }
      if (above.path().size() + 1 >= MAX_DEPTH) {
        throw new RefusedException(
            "invalid_setting", "parentSessionId", "has too many sessions above it");
      }
      if (sender.agent() ? !isWithinActing(above, sender) : !mayChange(above, sender)) {
        throw new RefusedException("not_yours", "parentSessionId", "is not the sender's");
      }
      if (command.owner() != null && !command.owner().equals(above.owner())) {
        throw new RefusedException("invalid_setting", "owner", "must be the parent's owner");
      }
      return above.owner();
    }
    if (sender.agent()) {
      throw new RefusedException(
          "not_entitled", "parentSessionId", "is required: an agent opens only child sessions");
    }
    String owner = command.owner() == null ? sender.person() : command.owner();
    if (!owner.equals(sender.person()) && !sender.admin()) {
      throw new RefusedException(
          "not_entitled", "owner", "may be someone else only with the role admin");
    }
    return owner;
  }

  /** Refuses a start by a person who lacks the role for it. */
  static void mayStart(Sender sender) {
    if (!sender.agent() && !sender.approver()) {
      throw new RefusedException(
          "not_entitled", null, "Starting a session needs the role approver.");
    }
  }

  /**
   * Whether a start of a session that exists already asks for just that session, and comes from
   * somebody who may have it. An agent may have only what lies below its own session.
   */
  static boolean sameAs(StoredSession existing, SessionCommand command, Sender sender) {
    if (!Objects.equals(existing.parent(), command.parentSessionId())) {
      return false;
    }
    boolean named = command.owner() != null;
    if (sender.agent()) {
      return isWithinActing(existing, sender)
          && existing.isBelow(sender.actingSession())
          && (!named || existing.owner().equals(command.owner()));
    }
    String meant = named || existing.parent() != null ? command.owner() : sender.person();
    return (meant == null || existing.owner().equals(meant)) && mayChange(existing, sender);
  }

  /** A session with what a command sets. */
  static StoredSession set(
      StoredSession session, SessionCommand command, Sender sender, List<StoredSession> above) {
    if (sender.agent() || !mayChange(session, sender)) {
      throw new RefusedException("not_yours", null, "Only the owner or an admin may change it.");
    }
    if (!sender.approver()) {
      throw new RefusedException(
          "not_entitled", null, "Changing a session needs the role approver.");
    }
    if (session.closed()) {
      throw new RefusedException("session_closed", null, "The session is closed.");
    }
    SessionSettings change = command.settings();
    SettingsCheck.words(change);
    Ceiling ceiling = new Ceiling(sender.ceiling(null), sender.bypass());
    ceiling.check(change);
    SessionSettings merged = Settings.merge(session.settings(), change);
    Optional<ModeChoice> choice = chosen(session, change, merged);
    choice.ifPresent(ceiling::check);
    SessionSettings settings =
        choice
            .map(
                c ->
                    Settings.with(
                        merged, c.mode().word(), merged.profile(), merged.approvalPolicy()))
            .orElse(merged);
    SettingsCheck.policy(settings, settings(above));
    return new StoredSession(
        session.key(),
        session.owner(),
        session.parent(),
        session.path(),
        settings,
        choice.map(ModeChoice::source).orElse(session.modeSource()),
        warnings(settings, settings(above)),
        session.version(),
        session.createdAt(),
        null);
  }

  /** The mode that a change settles: the session's own word, else the engine's if it has none. */
  private static Optional<ModeChoice> chosen(
      StoredSession session, SessionSettings change, SessionSettings merged) {
    if (change.permissionMode() != null) {
      return Optional.of(ModeChoice.of(change, Optional.empty()));
    }
    Engine engine = change.engine();
    boolean says =
        engine != null
            && (engine.permissionMode() != null
                || engine.tools() != null
                || engine.injectedTools() != null);
    return says && !ModeChoice.BY_A_PERSON.contains(session.modeSource())
        ? ModeChoice.ofEngine(merged.engine())
        : Optional.empty();
  }

  /** Refuses a close by anyone but the owner, an admin, or the session's own agent. */
  static void close(StoredSession session, Sender sender) {
    if (sender.agent() ? !isWithinActing(session, sender) : !mayChange(session, sender)) {
      throw new RefusedException("not_yours", null, "Only the owner or an admin may close it.");
    }
  }

  /**
   * The owner in whose name a session is closed that does not exist.
   *
   * @throws RefusedException if the sender may not speak for them
   */
  static String closesFor(SessionCommand command, Sender sender) {
    if (sender.agent()) {
      throw new RefusedException("unknown_session", null, "There is no such session.");
    }
    String owner = command.owner() == null ? sender.person() : command.owner();
    if (!owner.equals(sender.person()) && !sender.admin()) {
      throw new RefusedException(
          "not_entitled", "owner", "may be someone else only with the role admin");
    }
    return owner;
  }

  /** Whether it is the session that acts or one below it, and runs for whom the sender acts for. */
  private static boolean isWithinActing(StoredSession session, Sender sender) {
    return session.isWithin(sender.actingSession()) && session.owner().equals(sender.person());
  }

  private static boolean mayChange(StoredSession session, Sender sender) {
    return sender.admin() || session.owner().equals(sender.person());
  }

  static List<SessionSettings> settings(List<StoredSession> sessions) {
    return sessions.stream().map(StoredSession::settings).toList();
  }

  /**
   * What the last session of a chain effectively may.
   *
   * @param profiles what each {@code custom(name)} of the chain means
   */
  static EffectivePermissions effective(
      List<SessionSettings> chain, Map<String, Profile> profiles) {
    List<Ancestor> above =
        chain.subList(0, chain.size() - 1).stream()
            .map(settings -> new Ancestor(PolicyAssembler.permissions(settings), List.of()))
            .toList();
    SessionSettings own = chain.get(chain.size() - 1);
    return EffectivePermissions.of(PolicyAssembler.permissions(own), above, null, profiles);
  }
}

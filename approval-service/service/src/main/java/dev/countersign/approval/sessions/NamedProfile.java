package dev.countersign.approval.sessions;

import dev.countersign.approval.profiles.ProfileStore;
import dev.countersign.approval.profiles.StoredProfile;
import dev.countersign.policy.Profile;
import dev.countersign.protocol.SessionCommand;
import io.vertx.mutiny.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The custom profile that a command names for its session.
 *
 * @param word as it is named; null if the command names none
 * @param profile empty if there is none of this name
 */
record NamedProfile(String word, Optional<StoredProfile> profile) {

  /**
   * Looks it up; it does not change until the transaction ends. To be called before any session is
   * locked, as a change of a profile locks the profile first, too.
   */
  static NamedProfile hold(ProfileStore store, SqlClient client, SessionCommand command) {
    String word = command.settings().profile();
    Optional<String> name = Profile.customName(word);
    return new NamedProfile(
        name.isPresent() ? word : null,
        name.flatMap(named -> store.hold(client, command.tenant(), named)));
  }

  /**
   * A new session with the profile, if it may have it. One that is too wide for its sender is
   * dropped with a warning, as the wide base itself would be. An agent's child is bounded by the
   * sessions above it whatever it names.
   */
  StoredSession admitted(StoredSession session, Sender sender) {
    if (word == null || !word.equals(session.settings().profile())) {
      return session;
    }
    if (!usable(session).wide() || sender.bypass() || sender.agent()) {
      return session;
    }
    List<String> warnings = new ArrayList<>(session.warnings());
    warnings.add("profile " + word + " was dropped: its base needs the role bypass");
    return session.with(
        Settings.with(
            session.settings(),
            session.settings().permissionMode(),
            null,
            session.settings().approvalPolicy()),
        warnings);
  }

  /** Refuses a change of a session to a profile that it may not have. */
  void check(StoredSession session, Sender sender) {
    if (word != null && usable(session).wide() && !sender.bypass()) {
      throw new RefusedException(
          "not_entitled", "profile", word + " has a base that needs the role bypass");
    }
  }

  private Profile usable(StoredSession session) {
    return profile
        .filter(found -> found.servesSessionsOf(session.owner()))
        .map(found -> found.document().profile())
        .orElseThrow(
            () ->
                new RefusedException(
                    "invalid_setting",
                    "profile",
                    "%s names no profile that %s may use".formatted(word, session.owner())));
  }

  /** What the custom profiles of a session and of those above it mean. */
  static Map<String, Profile> meaning(
      ProfileStore store, SqlClient client, StoredSession session, List<StoredSession> above) {
    List<String> words =
        Stream.concat(above.stream(), Stream.of(session))
            .map(s -> s.settings().profile())
            .filter(Objects::nonNull)
            .toList();
    return store.meaning(client, session.key().tenant(), session.owner(), words);
  }
}

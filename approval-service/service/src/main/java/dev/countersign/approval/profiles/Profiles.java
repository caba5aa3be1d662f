package dev.countersign.approval.profiles;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.approval.profiles.ProfileRules.Condition;
import dev.countersign.approval.sessions.SessionStore;
import dev.countersign.policy.ProfileCheck;
import io.vertx.mutiny.sqlclient.SqlClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Custom profiles for people. A change is part of the fence: it commits together with a new version
 * of every session that it bears on, so no decision after it rests on what was before.
 */
@ApplicationScoped
public class Profiles {
  private final Database database;
  private final ProfileStore store;
  private final SessionStore sessions;
  private final Kicks kicks;

  public Profiles(Database database, ProfileStore store, SessionStore sessions, Kicks kicks) {
    this.database = database;
    this.store = store;
    this.sessions = sessions;
    this.kicks = kicks;
  }

  /**
   * A profile after a write.
   *
   * @param created whether there was none before
   */
  public record Written(StoredProfile profile, boolean created) {}

  /** The profiles a person may see. */
  public List<StoredProfile> seenBy(Person person) {
    return store.seenBy(person);
  }

  /** A profile as a person may see it; what they may not see does not exist for them. */
  public StoredProfile read(Person person, String name) {
    return store
        .find(person.tenant(), name)
        .filter(profile -> ProfileRules.maySee(profile, person))
        .orElseThrow(() -> unknown(name));
  }

  /**
   * Creates a profile or replaces its document.
   *
   * @param versions from {@code If-Match}; null if none was named
   * @param absent only if there is none yet
   */
  public Written write(
      Person person, String name, ProfileDocument document, Set<Long> versions, boolean absent) {
    ProfileCheck.ofName(name)
        .ifPresent(
            detail -> {
              throw ProfileRefusedException.field("invalid_profile", "name", detail);
            });
    Condition condition = new Condition(versions, absent);
    Written written =
        database.transaction(client -> write(client, person, name, document, condition));
    kicks.somethingToJudge();
    return written;
  }

  private Written write(
      SqlClient client, Person person, String name, ProfileDocument document, Condition condition) {
    Optional<StoredProfile> now = store.lock(client, person.tenant(), name);
    ProfileRules.write(now, document, condition, person);
    boolean created = now.map(StoredProfile::deleted).orElse(true);
    if (created || !now.get().document().equals(document)) {
      String owner = created ? person.id() : now.get().owner();
      if (!store.store(client, now, person, name, owner, document)) {
        throw new ProfileRefusedException(
            "version_conflict", "a profile of this name was made at the same time; read it");
      }
      sessions.profileChanged(client, person.tenant(), StoredProfile.word(name));
    }
    return new Written(store.lock(client, person.tenant(), name).orElseThrow(), created);
  }

  /** Deletes a profile. Sessions that use it may from then on only read. */
  public void delete(Person person, String name, Set<Long> versions) {
    database.transaction(
        client -> {
          Optional<StoredProfile> now = store.lock(client, person.tenant(), name);
          StoredProfile profile =
              now.filter(p -> ProfileRules.maySee(p, person)).orElseThrow(() -> unknown(name));
          ProfileRules.delete(profile, new Condition(versions, false), person);
          store.store(client, now, person, name, profile.owner(), null);
          sessions.profileChanged(client, person.tenant(), profile.word());
          return profile;
        });
    kicks.somethingToJudge();
  }

  private static ProfileRefusedException unknown(String name) {
    return new ProfileRefusedException("unknown_profile", "there is no profile " + name);
  }
}

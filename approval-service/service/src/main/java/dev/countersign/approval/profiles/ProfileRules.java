package dev.countersign.approval.profiles;

import java.util.Optional;
import java.util.Set;

/** Who may see and change which profile. Pure: nothing is stored here. */
final class ProfileRules {
  private ProfileRules() {}

  /**
   * The condition under which a write counts.
   *
   * @param versions any of these, from {@code If-Match}; null if none was named
   * @param absent only if there is none yet, from {@code If-None-Match: *}
   */
  record Condition(Set<Long> versions, boolean absent) {}

  static boolean maySee(StoredProfile profile, Person person) {
    return !profile.deleted()
        && profile.tenant().equals(person.tenant())
        && (person.admin() || profile.servesSessionsOf(person.id()));
  }

  /** Refuses a write that its person may not make, or that is about another version. */
  static void write(
      Optional<StoredProfile> now, ProfileDocument wanted, Condition condition, Person person) {
    Optional<StoredProfile> alive = now.filter(profile -> !profile.deleted());
    alive.ifPresent(profile -> mine(profile, person));
    if (wanted.shared() && !person.admin()) {
      throw notEntitled("shared", "needs the role admin");
    }
    if (wanted.profile().wide() && !person.bypass()) {
      throw notEntitled("base", wanted.profile().base().word() + " needs the role bypass");
    }
    if (alive.isPresent() && condition.absent()) {
      throw conflict("there is a profile of this name, at version " + alive.get().version());
    }
    if (alive.isPresent()) {
      versions(alive.get(), condition, true);
    } else if (condition.versions() != null) {
      throw conflict("there is no profile of this name");
    }
  }

  /** Refuses a deletion that its person may not make, or that is about another version. */
  static void delete(StoredProfile profile, Condition condition, Person person) {
    mine(profile, person);
    versions(profile, condition, false);
  }

  /** What everybody may use is everybody's limit: only an administrator changes it. */
  private static void mine(StoredProfile profile, Person person) {
    if (!person.admin() && !profile.owner().equals(person.id())) {
      throw new ProfileRefusedException(
          "not_yours", "the profile belongs to somebody else; choose another name");
    }
    if (!person.admin() && profile.document().shared()) {
      throw notEntitled("shared", "a shared profile is changed with the role admin only");
    }
  }

  private static void versions(StoredProfile profile, Condition condition, boolean needed) {
    if (condition.versions() == null) {
      if (needed) {
        throw new ProfileRefusedException(
            "if_match_required",
            "send If-Match with the ETag of the version you have read, such as \"3\"");
      }
    } else if (!condition.versions().contains(profile.version())) {
      throw conflict("the profile is at version " + profile.version());
    }
  }

  private static ProfileRefusedException conflict(String detail) {
    return new ProfileRefusedException("version_conflict", detail);
  }

  private static ProfileRefusedException notEntitled(String field, String detail) {
    return ProfileRefusedException.field("not_entitled", field, detail);
  }
}

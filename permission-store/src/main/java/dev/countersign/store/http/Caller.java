package dev.countersign.store.http;

import dev.countersign.protocol.ChangeSource;
import dev.countersign.store.users.UserKey;

/**
 * A proven person at work on one user's permissions.
 *
 * @param person who calls
 * @param user whose permissions they are; the person's own, or anybody's for an admin
 * @param mayWiden whether they may loosen them; without the role for it they may only tighten
 */
record Caller(String person, UserKey user, boolean mayWiden) {
  ChangeSource source() {
    return new ChangeSource(ChangeSource.Via.DASHBOARD, person, null, null);
  }
}

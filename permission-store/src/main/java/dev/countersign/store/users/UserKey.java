package dev.countersign.store.users;

import dev.countersign.protocol.Identifiers;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** A user of a tenant. */
@Embeddable
public record UserKey(
    @Column(name = "tenant") String tenant, @Column(name = "user_id") String user) {
  public UserKey {
    if (!Identifiers.isId(tenant) || !Identifiers.isUser(user)) {
      throw new IllegalArgumentException("no identifier of a tenant or user");
    }
  }

  /** One text for both: no tenant holds a slash. */
  public String text() {
    return tenant + "/" + user;
  }

  /** The key that {@link #text} gives this text. */
  public static UserKey of(String text) {
    int slash = text.indexOf('/');
    return new UserKey(text.substring(0, slash), text.substring(slash + 1));
  }
}

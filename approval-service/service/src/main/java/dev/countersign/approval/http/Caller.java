package dev.countersign.approval.http;

import dev.countersign.approval.sessions.StoredSession;
import dev.countersign.protocol.token.Roles;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenType;

/** Who calls, by their token. */
public record Caller(TokenClaims claims) {
  public String tenant() {
    return claims.tenant();
  }

  /** The person, or the id of the session. */
  public String subject() {
    return claims.subject();
  }

  /** The person, or the one that the session runs for. */
  String actsFor() {
    return agent() ? claims.text(TokenClaims.OWNER) : subject();
  }

  public boolean agent() {
    return claims.type() == TokenType.SESSION;
  }

  public boolean admin() {
    return !agent() && claims.roles().contains(Roles.ADMIN);
  }

  /** Whether they may decide for themselves what agents may do. */
  boolean approver() {
    return !agent() && Roles.mayAnswer(claims.roles());
  }

  /** A session's token shows it and those below; a person's their own, an admin's all. */
  public boolean maySee(StoredSession session) {
    if (!session.key().tenant().equals(tenant())) {
      return false;
    }
    return agent() ? session.isWithin(subject()) : admin() || session.owner().equals(subject());
  }
}
